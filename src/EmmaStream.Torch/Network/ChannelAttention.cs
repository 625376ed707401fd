using EmmaStream.Fusion.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>Attention between the channels of a head over the whole frame; cost is linear in the number of pixels.</summary>
public sealed class ChannelAttention : Module<Tensor, Tensor>
{
    private readonly Parameter _scale = Parameter(ones(UFuserSchema.Heads, 1, 1));
    private readonly Conv2d _qkv1, _qkv2, _proj;

    internal ChannelAttention(int channels)
        : base("attn")
    {
        _qkv1 = Convolutions.Pointwise(channels, 3 * channels);
        _qkv2 = Conv2d(3 * channels, 3 * channels, 3, padding: 1, bias: false);
        _proj = Convolutions.Pointwise(channels, channels);
        register_parameter("scale", _scale);
        register_module("qkv1", _qkv1);
        register_module("qkv2", _qkv2);
        register_module("proj", _proj);
    }

    /// <summary>proj(softmax(q k^T * scale) v), rows of q and k of unit length over all pixels.</summary>
    /// <param name="input">[N, d, H, W], normalised.</param>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] qkv = _qkv2.call(_qkv1.call(input)).chunk(3, dim: 1);
        Tensor q = UnitRows(Heads(qkv[0])), k = UnitRows(Heads(qkv[1])), v = Heads(qkv[2]);
        Tensor attention = (matmul(q, k.transpose(-2, -1)) * _scale).softmax(-1);
        return _proj.call(matmul(attention, v).view(input.shape)).MoveToOuterDisposeScope();
    }

    /// <summary>[N, d, H, W] to [N, heads, d / heads, H W]; head h owns the h-th run of channels.</summary>
    private static Tensor Heads(Tensor x) => x.reshape(x.shape[0], UFuserSchema.Heads, -1, x.shape[2] * x.shape[3]);

    private static Tensor UnitRows(Tensor x) => functional.normalize(x, p: 2, dim: -1, eps: UFuserSchema.SmallestRowNorm);
}
