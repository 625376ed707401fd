using System.Text.Json;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using EmmaStream.Torch.Network;
using EmmaStream.Torch.Sensing;
using EmmaStream.Training.Losses;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Tests.Losses;

/// <summary>The training run of the published scripts that the golden data hold: fixed batch, shifts and angles, Adam 1e-4.</summary>
internal sealed class PublishedTraining : IDisposable
{
    private readonly PictureLoss _pictures = new(CPU);
    private readonly EmmaLoss _loss;

    /// <summary>Skips the test where the golden data are absent.</summary>
    public PublishedTraining(bool mergesKernels)
    {
        Record = JsonDocument.Parse(File.ReadAllText(PathOf("training", "training.json")));
        Fuser = new(new UFuserModule(WeightFile.Load(PathOf("weights.safetensors"))) { MergesKernels = mergesKernels });
        InfraredSensing = Sensing("ai");
        VisibleSensing = Sensing("av");
        _loss = new EmmaLoss(_pictures, InfraredSensing, VisibleSensing, new LossOptions());
        Infrared = Picture("patch_ir");
        Visible = Picture("patch_vi");
        int[] rows = Numbers("shifts_row"), columns = Numbers("shifts_col"), angles = Numbers("angles_degrees");
        Transforms =
        [
            new PictureTransform.Identity(),
            .. rows.Zip(columns, (r, c) => new PictureTransform.Shift(r, c)),
            .. angles.Select(a => new PictureTransform.Rotate(a)),
            new PictureTransform.Reflect(true, false), new PictureTransform.Reflect(false, true), new PictureTransform.Reflect(true, true),
        ];
    }

    public JsonDocument Record { get; }

    public Trainee<UFuserModule> Fuser { get; }

    public SensingNetwork InfraredSensing { get; }

    public SensingNetwork VisibleSensing { get; }

    public Tensor Infrared { get; }

    public Tensor Visible { get; }

    public IReadOnlyList<PictureTransform> Transforms { get; }

    /// <summary>Losses of the present weights, with their gradient in place.</summary>
    public LossTerms Backward()
    {
        using DisposeScope scope = NewDisposeScope();
        Fuser.ClearGradients();
        LossTerms terms = new();
        Tensor loss = _loss.Of(Fuser.Module, Fuser.Module.call(Infrared, Visible), Infrared, Visible, Transforms, terms);
        loss.backward();
        terms.Total = loss.item<float>();
        return terms;
    }

    public void Dispose()
    {
        Record.Dispose();
        Fuser.Dispose();
        InfraredSensing.Dispose();
        VisibleSensing.Dispose();
        _pictures.Dispose();
        Infrared.Dispose();
        Visible.Dispose();
    }

    public static string PathOf(params string[] parts)
    {
        string? path = SharedData.TryPath(["golden", "ufuser", .. parts]);
        Assert.SkipWhen(path is null, SharedData.Absent);
        return path;
    }

    public static Tensor AsTensor(NpyFile file) => tensor(file.Values, [.. file.Shape.Select(extent => (long)extent)]);

    private static SensingNetwork Sensing(string name)
    {
        SensingNetwork network = new(8);
        network.Load(WeightFile.Load(PathOf("unet5_w8", $"{name}.safetensors")));
        network.eval();
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            parameter.requires_grad = false;
        return network;
    }

    private static Tensor Picture(string name) => AsTensor(NpyFile.Load(PathOf("training", $"{name}.npy")));

    private int[] Numbers(string name) => [.. Record.RootElement.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
