using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>The pixel-wise part of the global branch, gated by half of its own channels.</summary>
public sealed class GatedMlp : Module<Tensor, Tensor>
{
    private readonly Conv2d _projectIn, _dwconv, _projectOut;

    internal GatedMlp(int channels)
        : base("mlp")
    {
        _projectIn = Convolutions.Pointwise(channels, 2 * channels);
        _dwconv = Convolutions.Reflect3x3(2 * channels, 2 * channels, groups: channels);
        _projectOut = Convolutions.Pointwise(channels, channels);
        register_module("project_in", _projectIn);
        register_module("dwconv", _dwconv);
        register_module("project_out", _projectOut);
    }

    /// <summary>project_out(gelu(y1) * y2), y1 and y2 the halves of dwconv(project_in(x)); the exact GELU.</summary>
    /// <param name="input">[N, d, H, W], normalised.</param>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] y = _dwconv.call(_projectIn.call(input)).chunk(2, dim: 1);
        return _projectOut.call(functional.gelu(y[0]) * y[1]).MoveToOuterDisposeScope();
    }
}
