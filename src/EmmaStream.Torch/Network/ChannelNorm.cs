using EmmaStream.Fusion.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Network;

/// <summary>LayerNorm over the channels of each pixel, biased variance. Tensors: <c>body.weight</c>, <c>body.bias</c> [d].</summary>
public sealed class ChannelNorm : nn.Module<Tensor, Tensor>
{
    private readonly Body _body;

    internal ChannelNorm(string name, int channels)
        : base(name)
    {
        _body = new Body(channels);
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
        return (normal * _body.Weight.view(1, -1, 1, 1)).Plus(_body.Bias.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Only holds the two parameters, one level down as the names want it.</summary>
    private sealed class Body : nn.Module
    {
        public Body(int channels)
            : base("body")
        {
            Weight = nn.Parameter(ones(channels));
            Bias = nn.Parameter(zeros(channels));
            register_parameter("weight", Weight);
            register_parameter("bias", Bias);
        }

        public Parameter Weight { get; }

        public Parameter Bias { get; }
    }
}
