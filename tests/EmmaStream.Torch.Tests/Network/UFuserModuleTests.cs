using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using EmmaStream.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Tests.Network;

public class UFuserModuleTests
{
    [Fact]
    public void Equals_the_published_network_on_the_case_in_the_repository()
    {
        using UFuserModule network = new(GoldenCases.Weights());
        Assert.InRange(DifferenceOnNoise(network, "output"), 0, UFuserGolden.Tolerance);
    }

    [Fact]
    public void Equals_the_published_network_when_every_level_matters()
    {
        using UFuserModule network = new(GoldenCases.OverriddenWeights());
        Assert.InRange(DifferenceOnNoise(network, "output_override"), 0, UFuserGolden.OverrideTolerance);
    }

    // A move to another type or device gives a module new parameters and disposes the old ones: nothing may hold on to them.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Works_after_a_move_of_its_parameters(bool merges)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using UFuserModule network = new UFuserModule(GoldenCases.OverriddenWeights()) { MergesKernels = merges }.to(ScalarType.Float64);
        Tensor output = network.call(GoldenCases.AsTensor(UFuserGolden.Array("input_ir")).to(ScalarType.Float64), GoldenCases.AsTensor(UFuserGolden.Array("input_vi")).to(ScalarType.Float64));
        Assert.InRange(GoldenCases.LargestDifference(UFuserGolden.Array("output_override"), output.to(ScalarType.Float32)), 0, UFuserGolden.OverrideTolerance);
    }

    [Fact]
    public void A_hidden_level_says_nothing_and_the_levels_below_it_do()
    {
        using IDisposable noGrad = no_grad();
        WeightSet weights = GoldenCases.OverriddenWeights();
        using UFuserModule network = new(weights), silent = new(new WeightSet("silent", weights.Tensors.Select(t => t.Name == "f_3.FFN.weight" ? t with { Values = new float[t.Values.Length] } : t)));
        using Tensor infrared = GoldenCases.AsTensor(UFuserGolden.Array("input_ir")), visible = GoldenCases.AsTensor(UFuserGolden.Array("input_vi"));
        network.HiddenLevels = [3];
        using Tensor hidden = network.call(infrared, visible), expected = silent.call(infrared, visible);
        Assert.True(hidden.equal(expected).all().item<bool>());
        network.HiddenLevels = [];
        Assert.InRange(DifferenceOnNoise(network, "output_override"), 0, UFuserGolden.OverrideTolerance);
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("crop")]
    [InlineData("odd8")]
    [InlineData("real")]
    public void Equals_the_published_network_on_every_shared_case(string name)
    {
        NpyFile expected = GoldenCases.FromShared(name, "output");
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using UFuserModule network = new(GoldenCases.Weights());
        Tensor output = network.call(GoldenCases.AsTensor(GoldenCases.FromShared(name, "input_ir")), GoldenCases.AsTensor(GoldenCases.FromShared(name, "input_vi")));
        Assert.InRange(GoldenCases.LargestDifference(expected, output), 0, UFuserGolden.Tolerance);
    }

    [Fact]
    public void Equals_the_published_network_in_all_69_activations()
    {
        string? path = SharedData.TryPath("golden", "ufuser", "noise", "activations.npz");
        Assert.SkipWhen(path is null, SharedData.Absent);
        IReadOnlyDictionary<string, NpyFile> expected = NpyFile.LoadAll(path);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using UFuserModule network = new(GoldenCases.Weights());
        Dictionary<string, Tensor> seen = [];
        foreach ((string name, nn.Module module) in network.named_modules())
        {
            if (module is nn.Module<Tensor, Tensor> observed)
                observed.register_forward_hook((_, _, output) => { seen[name] = output.clone().DetachFromDisposeScope(); return output; });
        }
        network.call(GoldenCases.AsTensor(UFuserGolden.Array("input_ir")), GoldenCases.AsTensor(UFuserGolden.Array("input_vi")));

        Assert.Equal(69, expected.Count);
        Assert.All(expected, golden =>
        {
            double bound = 1e-5 * Math.Max(1, golden.Value.Values.Max(Math.Abs));
            Assert.InRange(GoldenCases.LargestDifference(golden.Value, seen[golden.Key]), 0, bound);
        });
        foreach (Tensor tensor in seen.Values)
            tensor.Dispose();
    }

    [Fact]
    public void Has_the_tensors_of_the_schema_in_its_order()
    {
        using UFuserModule network = new();
        WeightSet weights = network.Weights("fresh");
        Assert.Equal(UFuserSchema.Schema.Tensors.Select(t => (t.Name, t.ShapeText)), weights.Tensors.Select(t => (t.Name, t.ShapeText)));
    }

    [Fact]
    public void Gives_back_the_weights_it_was_given()
    {
        WeightSet given = GoldenCases.Weights();
        using UFuserModule network = new(given);
        Assert.All(network.Weights("again").Tensors, t => Assert.Equal(given[t.Name].Values, t.Values));
    }

    [Fact]
    public void Passes_a_gradient_to_every_tensor_but_the_dead_scales_of_level_one()
    {
        using DisposeScope scope = NewDisposeScope();
        using UFuserModule network = new(GoldenCases.OverriddenWeights());
        network.call(rand(1, 1, 16, 24), rand(1, 1, 16, 24)).sum().backward();
        string[] dead = [.. network.named_parameters().Where(p => p.parameter.grad is not Tensor grad || grad.abs().max().item<float>() == 0).Select(p => p.name)];
        Assert.Equal(["V_en_1", "I_en_1", "f_1", "de_1"], dead.Select(name => name.Split('.')[0]));
        Assert.All(dead, name => Assert.EndsWith("attn.scale", name));
    }

    private static double DifferenceOnNoise(UFuserModule network, string expected)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor output = network.call(GoldenCases.AsTensor(UFuserGolden.Array("input_ir")), GoldenCases.AsTensor(UFuserGolden.Array("input_vi")));
        return GoldenCases.LargestDifference(UFuserGolden.Array(expected), output);
    }
}
