using EmmaStream.Fusion.Network;
using TorchSharp;
using static EmmaStream.Torch.Network.MemoryLayout;
using static EmmaStream.Torch.Network.MergedSteps;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>
/// The global branch at levels 2 to 4, channels last. Projection and attention make one matrix per frame, M = proj · blockdiag(A), that is
/// applied to v.
/// </summary>
internal sealed class MergedAttentionFeature : MergedGlobalFeature
{
    private readonly Tensor _queryKeyValue, _scale, _projection, _gate, _gateBias, _value, _valueBias, _projectOut;

    public MergedAttentionFeature(MergedBlock block, PlacedWeights weights)
        : base(block, weights)
    {
        long d = Channels, heads = UFuserSchema.Heads;
        int half = block.Gate.Weight.Length / 2;
        _queryKeyValue = weights.PlaceKernel(block.QueryKeyValue!, 3 * d, d, 3, 3);
        _scale = weights.PlaceSingle(block.Scale, heads, 1, 1);
        _projection = weights.PlaceSingle(block.Projection, d, heads, d / heads);
        _gate = weights.PlaceKernel(block.Gate.Weight[..half], d, d, 3, 3);
        _gateBias = weights.Place(block.Gate.Bias[..(int)d], d);
        _value = weights.PlaceKernel(block.Gate.Weight[half..], d, d, 3, 3);
        _valueBias = weights.Place(block.Gate.Bias[(int)d..], d);
        _projectOut = weights.Place(block.ProjectOut, 1, d, d);
    }

    protected override Tensor Arrange(Tensor e) => e.alias();

    protected override Tensor AddAttention(Tensor e, Tensor n)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] qkv = Rows(Zero3x3(n, _queryKeyValue)).chunk(3, dim: 2);
        Tensor m = matmul(_projection.transpose(0, 1), Attention(qkv[0], qkv[1]));      // [N, heads, d, d / heads]
        Tensor byInput = m.transpose(2, 3).reshape(e.shape[0], Channels, Channels).to(e.dtype);
        return FromRows(AddProduct(Rows(e), qkv[2], byInput), e).MoveToOuterDisposeScope();
    }

    protected override Tensor AddMlp(Tensor g, Tensor n)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor padded = functional.pad(n, [1, 1, 1, 1], PaddingModes.Reflect);
        Tensor gated = functional.gelu(functional.conv2d(padded, _gate, _gateBias)).mul_(functional.conv2d(padded, _value, _valueBias));
        Tensor projection = _projectOut.transpose(1, 2).expand(g.shape[0], -1, -1);
        return FromRows(AddProduct(Rows(g), Rows(gated), projection), g).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// softmax(q^T k / (|q| |k|) * scale) for every head, [N, heads, c, c]; q and k are [N, pixels, d]. In float32 whatever the pictures are
    /// in: half overflows in these sums. All pairs of channels are multiplied, only those of one head are used: one product is faster than eight.
    /// </summary>
    private Tensor Attention(Tensor q, Tensor k)
    {
        using DisposeScope scope = NewDisposeScope();
        (q, k) = (q.to(ScalarType.Float32), k.to(ScalarType.Float32));
        Tensor lengths = matmul(Lengths(q).unsqueeze(2), Lengths(k).unsqueeze(1));
        Tensor cosines = matmul(q.transpose(1, 2), k) / lengths;
        long heads = UFuserSchema.Heads, c = Channels / heads;
        Tensor own = cosines.view(-1, heads, c, heads, c).diagonal(0, 1, 3).permute(0, 3, 1, 2);
        return (own * _scale).softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Length of each channel over all pixels, [N, d].</summary>
    private static Tensor Lengths(Tensor rows) => (rows * rows).sum(1).sqrt_().clamp_min_(UFuserSchema.SmallestRowNorm);
}
