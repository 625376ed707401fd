using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>The branch of a block that sees the whole frame: a small transformer layer over channels.</summary>
public sealed class GlobalFeature : Module<Tensor, Tensor>
{
    private readonly ChannelNorm _norm1, _norm2;
    private readonly ChannelAttention _attn;
    private readonly GatedMlp _mlp;

    internal GlobalFeature(int channels)
        : base("GlobalFeature")
    {
        _norm1 = new("norm1", channels);
        _attn = new(channels);
        _norm2 = new("norm2", channels);
        _mlp = new(channels);
        register_module("norm1", _norm1);
        register_module("attn", _attn);
        register_module("norm2", _norm2);
        register_module("mlp", _mlp);
    }

    /// <summary><see cref="ChannelAttention.MergesKernels"/>.</summary>
    internal bool MergesKernels
    {
        set => _attn.MergesKernels = value;
    }

    /// <summary>g = e + attn(norm1(e)); g + mlp(norm2(g)).</summary>
    /// <param name="input">e, [N, d, H, W].</param>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor g = input.Plus(_attn.call(_norm1.call(input)));
        return g.Plus(_mlp.call(_norm2.call(g))).MoveToOuterDisposeScope();
    }
}
