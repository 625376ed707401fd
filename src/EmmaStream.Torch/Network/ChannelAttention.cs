using EmmaStream.Fusion.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>Attention between the channels of a head over the whole frame; cost is linear in the number of pixels.</summary>
public sealed class ChannelAttention : Module<Tensor, Tensor>
{
    private readonly Conv2d _qkv1, _qkv2, _proj;

    internal ChannelAttention(int channels)
        : base("attn")
    {
        _qkv1 = Convolutions.Pointwise(channels, 3 * channels);
        _qkv2 = Conv2d(3 * channels, 3 * channels, 3, padding: 1, bias: false);
        _proj = Convolutions.Pointwise(channels, channels);
        register_parameter("scale", Parameter(ones(UFuserSchema.Heads, 1, 1)));
        register_module("qkv1", _qkv1);
        register_module("qkv2", _qkv2);
        register_module("proj", _proj);
    }

    /// <summary>
    /// Whether qkv1 and qkv2 are multiplied into one kernel before they meet the picture, at level 1 proj too: the same function of the same
    /// parameters (qkv1 has no bias, so zero padding commutes with it; one channel's softmax is 1), with fewer operations on pixels.
    /// </summary>
    public bool MergesKernels { get; set; }

    /// <summary>proj(softmax(q k^T * scale) v), rows of q and k of unit length over all pixels.</summary>
    /// <param name="input">[N, d, H, W], normalised.</param>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        if (MergesKernels && input.shape[1] == UFuserSchema.Heads)
            return functional.conv2d(input, DirectKernel(), padding: [1, 1]).MoveToOuterDisposeScope();
        Tensor[] qkv = (MergesKernels ? functional.conv2d(input, Product(_qkv2.weight, _qkv1.weight), padding: [1, 1]) : _qkv2.call(_qkv1.call(input))).chunk(3, dim: 1);
        Tensor q = UnitRows(Heads(qkv[0])), k = UnitRows(Heads(qkv[1])), v = Heads(qkv[2]);
        Tensor attention = (matmul(q, k.transpose(-2, -1)) * get_parameter("scale")!).softmax(-1);        // by name, as to() replaces it
        return _proj.call(matmul(attention, v).view(input.shape)).MoveToOuterDisposeScope();
    }

    /// <summary>Level 1, where a head has one channel and its softmax is 1: proj · v rows of qkv2 · qkv1, [d, d, 3, 3].</summary>
    private Tensor DirectKernel()
    {
        long d = UFuserSchema.Heads;
        Tensor values = Product(_qkv2.weight.narrow(0, 2 * d, d), _qkv1.weight);
        return matmul(_proj.weight.view(d, d), values.view(d, -1)).view(d, d, 3, 3);
    }

    /// <summary>The 3x3 kernel [o, i, 3, 3] that equals a 1x1 one [m, i, 1, 1] followed by a 3x3 one [o, m, 3, 3].</summary>
    private static Tensor Product(Tensor second, Tensor first)
    {
        Tensor byMiddle = second.permute(0, 2, 3, 1).reshape(-1, second.shape[1]);      // [o 3 3, m]
        return matmul(byMiddle, first.flatten(1)).view(second.shape[0], 3, 3, -1).permute(0, 3, 1, 2).contiguous();
    }

    /// <summary>[N, d, H, W] to [N, heads, d / heads, H W]; head h owns the h-th run of channels.</summary>
    private static Tensor Heads(Tensor x) => x.reshape(x.shape[0], UFuserSchema.Heads, -1, x.shape[2] * x.shape[3]);

    private static Tensor UnitRows(Tensor x) => functional.normalize(x, p: 2, dim: -1, eps: UFuserSchema.SmallestRowNorm);
}
