using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using EmmaStream.Torch.Sensing;
using EmmaStream.Torch.Tests.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Tests.Sensing;

public class SensingNetworkTests
{
    private const double Tolerance = 2e-6, StatisticsTolerance = 1e-5;

    [Theory]
    [InlineData("ai")]
    [InlineData("av")]
    public void Equals_the_published_network_in_eval_mode(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using SensingNetwork network = Load(name);
        network.eval();
        Tensor output = network.call(GoldenCases.AsTensor(GoldenCases.FromShared("unet5_w8", "input")));
        Assert.InRange(GoldenCases.LargestDifference(GoldenCases.FromShared("unet5_w8", $"output_{name}"), output), 0, Tolerance);
    }

    [Fact]
    public void Works_after_a_move_of_its_parameters()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using SensingNetwork network = Load("ai").to(ScalarType.Float64);
        network.eval();
        Tensor output = network.call(GoldenCases.AsTensor(GoldenCases.FromShared("unet5_w8", "input")).to(ScalarType.Float64));
        Assert.InRange(GoldenCases.LargestDifference(GoldenCases.FromShared("unet5_w8", "output_ai"), output.to(ScalarType.Float32)), 0, Tolerance);
    }

    [Fact]
    public void Equals_it_in_train_mode_and_updates_the_same_statistics()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using SensingNetwork network = Load("ai");
        network.train();
        Tensor output = network.call(GoldenCases.AsTensor(GoldenCases.FromShared("unet5_w8", "input")));
        Assert.InRange(GoldenCases.LargestDifference(GoldenCases.FromShared("unet5_w8", "output_ai_trainmode"), output), 0, Tolerance);
        WeightSet after = network.Weights("after");
        string[] statistics = [.. after.Tensors.Select(t => t.Name).Where(n => n.EndsWith("running_mean", StringComparison.Ordinal) || n.EndsWith("running_var", StringComparison.Ordinal))];
        Assert.Equal(36, statistics.Length);
        IReadOnlyDictionary<string, NpyFile> expected = NpyFile.LoadAll(SharedData.TryPath("golden", "ufuser", "unet5_w8", "ai_after_one_trainmode_forward.npz")!);
        Assert.All(statistics, name => Assert.InRange(UFuserGolden.LargestDifference(expected[name].Values, after[name].Values), 0, StatisticsTolerance * Math.Max(1, expected[name].Values.Max(Math.Abs))));
    }

    [Fact]
    public void The_published_width_has_the_published_number_of_tensors_and_parameters()
    {
        using SensingNetwork network = new(64);
        Assert.Equal(132, network.Weights("").Tensors.Count);
        Assert.Equal(39_397_761, network.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void Its_tensors_are_in_the_order_of_the_published_file()
    {
        string? path = SharedData.TryPath("golden", "ufuser", "unet5_w8", "ai.safetensors");
        Assert.SkipWhen(path is null, SharedData.Absent);
        using SensingNetwork network = new(8);
        Assert.Equal(WeightFile.Load(path).Tensors.Select(t => (t.Name, t.ShapeText)).Order(), network.Weights("").Tensors.Select(t => (t.Name, t.ShapeText)).Order());
    }

    [Fact]
    public void Weights_of_another_width_are_refused_by_name()
    {
        using SensingNetwork narrow = new(4), wide = new(8);
        string message = Assert.Throws<EmmaStream.Core.Faults.Fault>(() => wide.Load(narrow.Weights("narrow"))).Message;
        Assert.Contains("narrow", message, StringComparison.Ordinal);
        Assert.Contains("width 8", message, StringComparison.Ordinal);
    }

    private static SensingNetwork Load(string name)
    {
        string? path = SharedData.TryPath("golden", "ufuser", "unet5_w8", $"{name}.safetensors");
        Assert.SkipWhen(path is null, SharedData.Absent);
        SensingNetwork network = new(8);
        network.Load(WeightFile.Load(path));
        return network;
    }
}
