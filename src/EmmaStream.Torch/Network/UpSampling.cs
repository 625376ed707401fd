using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>Transposed 4x4, stride 2, padding 1, without bias, then ReLU: twice the width and height. Tensor: <c>0.weight</c>.</summary>
internal sealed class UpSampling : Module<Tensor, Tensor>
{
    private readonly ConvTranspose2d _conv;
    private Scalar? _leak;

    public UpSampling(string name, int inputs, int outputs)
        : base(name)
    {
        _conv = ConvTranspose2d(inputs, outputs, 4, stride: 2, padding: 1, bias: false);
        register_module("0", _conv);
    }

    /// <summary>Is shown every result before its activation; it is valid during the call only. For meters and penalties.</summary>
    public Action<Tensor>? Observe { get; set; }

    /// <summary>Slope of the activation below zero; 0 is the network's own ReLU.</summary>
    public void LeakBy(double slope)
    {
        _leak?.Dispose();
        _leak = slope > 0 ? slope : null;
    }

    /// <summary>[N, inputs, H, W] to [N, outputs, 2 H, 2 W].</summary>
    public override Tensor forward(Tensor input)
    {
        using Tensor up = _conv.call(input);
        Observe?.Invoke(up);
        return _leak is null ? up.relu() : up.leaky_relu(_leak);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _leak?.Dispose();
        base.Dispose(disposing);
    }
}
