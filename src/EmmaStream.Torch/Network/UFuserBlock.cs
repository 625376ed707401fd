using EmmaStream.Fusion.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>One of the 16 equal blocks: what it takes is embedded, goes through both branches, and these are joined. No residual around it.</summary>
public sealed class UFuserBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d _embed, _ffn;
    private readonly GlobalFeature _global;
    private readonly LocalFeature _local;

    internal UFuserBlock(BlockSpec spec)
        : base(spec.Name)
    {
        _embed = Convolutions.Reflect3x3(spec.InputChannels, spec.Channels);
        _global = new(spec.Channels);
        _local = new(spec.Channels);
        _ffn = Convolutions.Reflect3x3(2 * spec.Channels, spec.Channels);
        register_module("embed", _embed);
        register_module("GlobalFeature", _global);
        register_module("LocalFeature", _local);
        register_module("FFN", _ffn);
    }

    /// <summary><see cref="ChannelAttention.MergesKernels"/>.</summary>
    internal bool MergesKernels
    {
        set => _global.MergesKernels = value;
    }

    /// <summary>FFN(concat(global(e), local(e))), e = embed(x).</summary>
    /// <param name="input">[N, ci, H, W].</param>
    /// <returns>[N, d, H, W].</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor e = _embed.call(input);
        return _ffn.call(cat([_global.call(e), _local.call(e)], dim: 1)).MoveToOuterDisposeScope();
    }
}
