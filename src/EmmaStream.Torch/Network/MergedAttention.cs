using EmmaStream.Fusion.Network;
using TorchSharp;
using static EmmaStream.Torch.Network.MemoryLayout;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Network;

/// <summary>
/// Attention of a block with merged weights. At level 1, where a head has one channel, it is one convolution. At levels 2 to 4 projection and
/// attention make one matrix per frame, M = proj · blockdiag(A), that is applied to v.
/// </summary>
internal sealed class MergedAttention
{
    private readonly long _channels;
    private readonly Tensor? _direct;
    private readonly Tensor? _queryKeyValue, _scale, _projection;

    public MergedAttention(MergedBlock block, PlacedWeights weights)
    {
        long d = _channels = block.Spec.Channels, heads = UFuserSchema.Heads;
        if (block.DirectAttention is not null)
        {
            _direct = weights.PlaceKernel(block.DirectAttention, d, d, 3, 3);
            return;
        }
        _queryKeyValue = weights.PlaceKernel(block.QueryKeyValue!, 3 * d, d, 3, 3);
        _scale = weights.PlaceSingle(block.Scale, heads, 1, 1);
        _projection = weights.PlaceSingle(block.Projection, d, heads, d / heads);
    }

    /// <summary>e + proj(softmax(q k^T * scale) v).</summary>
    /// <param name="e">[N, d, H, W].</param>
    /// <param name="n">norm1(e).</param>
    public Tensor Add(Tensor e, Tensor n)
    {
        if (_direct is not null)
            return MergedSteps.Zero3x3(n, _direct).PlusInPlace(e);
        using DisposeScope scope = NewDisposeScope();
        Tensor[] qkv = Rows(MergedSteps.Zero3x3(n, _queryKeyValue!)).chunk(3, dim: 2);
        Tensor m = matmul(_projection!.transpose(0, 1), Matrices(qkv[0], qkv[1]));      // [N, heads, d, d / heads]
        Tensor byInput = m.transpose(2, 3).reshape(e.shape[0], _channels, _channels).to(e.dtype);
        return FromRows(MergedSteps.AddProduct(Rows(e), qkv[2], byInput), e).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// softmax(q^T k / (|q| |k|) * scale) for every head, [N, heads, c, c]; q and k are [N, pixels, d]. In float32 whatever the pictures are
    /// in: half overflows in these sums. All pairs of channels are multiplied, only those of one head are used: one product is faster than eight.
    /// </summary>
    private Tensor Matrices(Tensor q, Tensor k)
    {
        using DisposeScope scope = NewDisposeScope();
        (q, k) = (q.to(ScalarType.Float32), k.to(ScalarType.Float32));
        Tensor lengths = matmul(Lengths(q).unsqueeze(2), Lengths(k).unsqueeze(1));
        Tensor cosines = matmul(q.transpose(1, 2), k) / lengths;
        long heads = UFuserSchema.Heads, c = _channels / heads;
        Tensor own = cosines.view(-1, heads, c, heads, c).diagonal(0, 1, 3).permute(0, 3, 1, 2);
        return (own * _scale!).softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Length of each channel over all pixels, [N, d].</summary>
    private static Tensor Lengths(Tensor rows)
    {
        using Scalar smallest = UFuserSchema.SmallestRowNorm;
        return (rows * rows).sum(1).sqrt_().clamp_min_(smallest);
    }
}
