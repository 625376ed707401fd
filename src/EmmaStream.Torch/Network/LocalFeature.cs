using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>The branch of a block that sees a neighbourhood: two residual steps of two convolutions.</summary>
public sealed class LocalFeature : Module<Tensor, Tensor>
{
    private readonly Sequential _extraction;

    internal LocalFeature(int channels)
        : base("LocalFeature")
    {
        _extraction = Sequential(("0", new ResidualStep(channels)), ("1", new ResidualStep(channels)));
        register_module("Extraction", _extraction);
    }

    /// <summary>Both steps, one after the other.</summary>
    /// <param name="input">e, [N, d, H, W].</param>
    public override Tensor forward(Tensor input) => _extraction.call(input);

    /// <summary>l + conv2(relu(conv0(l))).</summary>
    private sealed class ResidualStep : Module<Tensor, Tensor>
    {
        private readonly Sequential _conv;

        public ResidualStep(int channels)
            : base(nameof(ResidualStep))
        {
            _conv = Sequential(
                ("0", Convolutions.Reflect3x3(channels, channels, bias: true)),
                ("1", ReLU()),
                ("2", Convolutions.Reflect3x3(channels, channels, bias: true)));
            register_module("conv", _conv);
        }

        public override Tensor forward(Tensor input)
        {
            using Tensor change = _conv.call(input);
            return input.Plus(change);
        }
    }
}
