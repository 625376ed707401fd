using EmmaStream.Fusion.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Network;

/// <summary>LayerNorm over the channels of each pixel, biased variance. Tensors: <c>body.weight</c>, <c>body.bias</c> [d].</summary>
public sealed class ChannelNorm : nn.Module<Tensor, Tensor>
{
    private readonly Body _body = new();

    internal ChannelNorm(string name, int channels)
        : base(name)
    {
        _body.register_parameter("weight", nn.Parameter(ones(channels)));
        _body.register_parameter("bias", nn.Parameter(zeros(channels)));
        register_module("body", _body);
    }

    /// <summary>(x - mean) / sqrt(variance + 1e-5) * weight + bias.</summary>
    /// <param name="input">[N, d, H, W].</param>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor centred = input - input.mean([1], keepdim: true);
        Tensor variance = centred.square().mean([1], keepdim: true);
        Tensor normal = centred / variance.Plus(UFuserSchema.NormEpsilon).sqrt();
        return (normal * PerChannel("weight")).Plus(PerChannel("bias")).MoveToOuterDisposeScope();
    }

    // Asked for by name each time: to() puts new parameters into the module and disposes those that a field would still hold.
    private Tensor PerChannel(string name) => _body.get_parameter(name)!.view(1, -1, 1, 1);

    /// <summary>Only holds the two parameters, one level down as the names want it.</summary>
    private sealed class Body() : nn.Module("body");
}
