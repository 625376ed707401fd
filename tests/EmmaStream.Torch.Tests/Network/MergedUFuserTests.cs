using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using EmmaStream.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Tests.Network;

public class MergedUFuserTests
{
    [Theory]
    [InlineData("output", UFuserGolden.Tolerance)]
    [InlineData("output_override", UFuserGolden.OverrideTolerance)]
    public void Equals_the_published_network_on_the_case_in_the_repository(string expected, double tolerance)
    {
        WeightSet weights = expected == "output" ? GoldenCases.Weights() : GoldenCases.OverriddenWeights();
        using MergedUFuser network = new(new MergedWeights(weights));
        using Tensor ir = GoldenCases.AsTensor(UFuserGolden.Array("input_ir")), vi = GoldenCases.AsTensor(UFuserGolden.Array("input_vi"));
        using Tensor output = network.Forward(ir, vi);
        Assert.InRange(GoldenCases.LargestDifference(UFuserGolden.Array(expected), output), 0, tolerance);
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("crop")]
    [InlineData("odd8")]
    [InlineData("real")]
    public void Equals_the_published_network_on_every_shared_case(string name)
    {
        NpyFile expected = GoldenCases.FromShared(name, "output");
        using MergedUFuser network = new(new MergedWeights(GoldenCases.Weights()));
        using Tensor ir = GoldenCases.AsTensor(GoldenCases.FromShared(name, "input_ir")), vi = GoldenCases.AsTensor(GoldenCases.FromShared(name, "input_vi"));
        using Tensor output = network.Forward(ir, vi);
        Assert.InRange(GoldenCases.LargestDifference(expected, output), 0, UFuserGolden.Tolerance);
    }

    [Fact]
    public void Equals_the_published_network_in_the_activations_that_it_computes()
    {
        string? path = SharedData.TryPath("golden", "ufuser", "noise", "activations.npz");
        Assert.SkipWhen(path is null, SharedData.Absent);
        IReadOnlyDictionary<string, NpyFile> expected = NpyFile.LoadAll(path);
        using MergedUFuser network = new(new MergedWeights(GoldenCases.Weights()));
        HashSet<string> compared = [];
        network.Observe = new ActivationObserver((name, activation) =>
        {
            if (!expected.TryGetValue(name, out NpyFile? golden))
                return;
            compared.Add(name);
            Assert.InRange(GoldenCases.LargestDifference(golden, activation), 0, 1e-5 * Math.Max(1, golden.Values.Max(Math.Abs)));
        });
        using Tensor ir = GoldenCases.AsTensor(UFuserGolden.Array("input_ir")), vi = GoldenCases.AsTensor(UFuserGolden.Array("input_vi"));
        network.Forward(ir, vi).Dispose();

        // Merged away in each of f_1..f_4: qkv2, proj, norm2, project_in, dwconv, project_out.
        Assert.Equal(69 - 4 * 6, compared.Count);
    }

    [Theory]
    [InlineData(16, 16, 1)]
    [InlineData(24, 16, 2)]
    [InlineData(56, 40, 3)]
    [InlineData(320, 128, 4)]
    public void Equals_the_network_op_by_op_with_random_weights_and_strong_attention(int width, int height, int seed)
    {
        WeightSet weights = RandomWeights.WithStrongAttention(seed);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using UFuserModule published = new(weights);
        using MergedUFuser merged = new(new MergedWeights(weights));
        random.manual_seed(seed);
        Tensor ir = rand(2, 1, height, width), vi = rand(2, 1, height, width);
        Tensor expected = published.call(ir, vi), actual = merged.Forward(ir, vi);
        Assert.True(expected.std().item<float>() > 0.01, "the random network says nothing");
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, UFuserGolden.OverrideTolerance);
    }

    [Fact]
    public void Frames_of_a_batch_do_not_influence_each_other()
    {
        using DisposeScope scope = NewDisposeScope();
        using MergedUFuser network = new(new MergedWeights(RandomWeights.WithStrongAttention(5)));
        random.manual_seed(5);
        Tensor ir = rand(3, 1, 40, 48), vi = rand(3, 1, 40, 48);
        Tensor together = network.Forward(ir, vi);
        for (int frame = 0; frame < 3; frame++)
        {
            Tensor alone = network.Forward(ir.narrow(0, frame, 1), vi.narrow(0, frame, 1));
            Assert.InRange((together.narrow(0, frame, 1) - alone).abs().max().item<float>(), 0, 1e-6);
        }
    }
}
