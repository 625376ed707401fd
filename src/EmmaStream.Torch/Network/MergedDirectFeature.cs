using EmmaStream.Fusion.Network;
using TorchSharp;
using static EmmaStream.Torch.Network.MergedSteps;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>The global branch at level 1, where a head has one channel: attention is one convolution. In planes, since 8 channels are few.</summary>
internal sealed class MergedDirectFeature(MergedBlock block, PlacedWeights weights) : MergedGlobalFeature(block, weights)
{
    private readonly Tensor _attention = weights.Place(block.DirectAttention!, block.Spec.Channels, block.Spec.Channels, 3, 3);
    private readonly Tensor _gate = weights.Place(block.Gate.Weight, 2 * block.Spec.Channels, block.Spec.Channels, 3, 3);
    private readonly Tensor _gateBias = weights.Place(block.Gate.Bias, 2 * block.Spec.Channels);
    private readonly Tensor _projectOut = weights.Place(block.ProjectOut, 1, block.Spec.Channels, block.Spec.Channels);

    protected override Tensor Arrange(Tensor e) => MemoryLayout.Planes(e);

    protected override Tensor AddAttention(Tensor e, Tensor n) => Zero3x3(n, _attention).add_(e);

    protected override Tensor AddMlp(Tensor g, Tensor n)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] flat = [g.shape[0], Channels, -1];
        Tensor[] y = Reflect3x3(n, _gate, _gateBias).chunk(2, dim: 1);
        Tensor gated = functional.gelu(y[0]).mul_(y[1]);
        return AddProduct(g.view(flat), _projectOut.expand(g.shape[0], -1, -1), gated.view(flat)).view(g.shape).MoveToOuterDisposeScope();
    }
}
