using EmmaStream.Fusion.Weights;
using EmmaStream.Torch.Network;
using EmmaStream.Torch.Sensing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Losses;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Optimization;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Phases;

/// <summary>
/// Ai and Av learn what the cameras saw from many kinds of fused pictures, most of them the fuser's own: sensing networks that never saw its
/// outputs reward it for hiding both sources in patterns that only they can read.
/// </summary>
internal sealed class SensingPhase : Phase
{
    private readonly ExampleMaker _examples;
    private readonly UFuserModule[] _fusers;
    private readonly float[] _own, _fused;

    public SensingPhase(TrainingContext context, int index)
        : base(context, index)
    {
        SensingOptions sensing = context.Options.Sensing;
        _examples = new ExampleMaker(sensing);
        _own = new float[Patches.Infrared.Length];
        _fused = new float[Patches.Infrared.Length];
        _fusers = [Networks.Fuser.Module, .. sensing.OwnWeights.Select(path => new UFuserModule(WeightFile.Load(path)) { MergesKernels = true }.to(Networks.Device))];
    }

    /// <inheritdoc/>
    public override void Begin()
    {
        Networks.InfraredSensing.BeginPhase();
        Networks.VisibleSensing.BeginPhase();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (UFuserModule fuser in _fusers.Skip(1))
            fuser.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override LossTerms Train(int step, Tensor infrared, Tensor visible)
    {
        Random random = Draw(step, 1);
        Fuse(infrared, visible, _fusers[random.Next(_fusers.Length)]);
        _examples.Fill(Patches, _own, _fused, random);
        LossTerms terms = new();
        Tensor fused = Picture(_fused);
        double rate = RateSchedule.RateAt(Options, step);
        terms.Total = Learn("sense_ir_mse", Networks.InfraredSensing, fused, infrared, rate, Options.Clip, terms)
            + Learn("sense_vi_mse", Networks.VisibleSensing, fused, visible, rate, Options.Clip, terms);
        return terms;
    }

    /// <summary>One step of a sensing network towards its camera's picture, by mean squared error (emma.md 3.2).</summary>
    public static double Learn(string name, Trainee<SensingNetwork> network, Tensor fused, Tensor source, double rate, double? clip, LossTerms terms)
    {
        using DisposeScope scope = NewDisposeScope();
        network.IsFrozen = false;
        network.Module.train();
        network.ClearGradients();
        Tensor error = (network.Module.call(fused) - source).square().mean();
        error.backward();
        network.Step(rate, clip);
        double value = error.item<float>();
        terms.Add(name, value);
        return value;
    }

    private void Fuse(Tensor infrared, Tensor visible, UFuserModule fuser)
    {
        using IDisposable noGrad = no_grad();
        using Tensor own = fuser.call(infrared, visible).cpu();
        own.data<float>().CopyTo(_own);
    }
}
