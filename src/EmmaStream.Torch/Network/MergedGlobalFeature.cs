using EmmaStream.Fusion.Network;
using TorchSharp;
using static EmmaStream.Torch.Network.MemoryLayout;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>The global branch with merged weights: g = e + attention(norm1(e)); g + mlp(norm2(g)).</summary>
internal sealed class MergedGlobalFeature
{
    private readonly string _name;
    private readonly MergedAttention _attention;
    private readonly Tensor _norm1Weight, _norm1Bias, _gate, _gateBias, _value, _valueBias, _projectOut;

    public MergedGlobalFeature(MergedBlock block, PlacedWeights weights)
    {
        int d = block.Spec.Channels, half = block.Gate.Weight.Length / 2;
        _name = $"{block.Spec.Name}.GlobalFeature";
        _attention = new(block, weights);
        _norm1Weight = weights.PlaceSingle(block.Norm1Weight, 1, d, 1, 1);
        _norm1Bias = weights.PlaceSingle(block.Norm1Bias, 1, d, 1, 1);
        (_gate, _gateBias) = (weights.PlaceKernel(block.Gate.Weight[..half], d, d, 3, 3), weights.Place(block.Gate.Bias[..d], d));
        (_value, _valueBias) = (weights.PlaceKernel(block.Gate.Weight[half..], d, d, 3, 3), weights.Place(block.Gate.Bias[d..], d));
        _projectOut = weights.Place(block.ProjectOut, 1, d, d);
    }

    /// <summary>What the branch makes of e, [N, d, H, W].</summary>
    public Tensor Forward(Tensor e, ActivationObserver? observe)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor n = addcmul(_norm1Bias, MergedSteps.Normal(e), _norm1Weight, 1).to(e.dtype);
        Tensor g = AddMlp(_attention.Add(e, n));
        observe?.See($"{_name}.norm1", n);
        observe?.See(_name, g);
        return g.MoveToOuterDisposeScope();
    }

    /// <summary>g + project_out(gelu(y1) * y2), y1 and y2 what the two halves of the gate make of norm2(g), whose weight and bias they hold.</summary>
    private Tensor AddMlp(Tensor g)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor n = functional.pad(MergedSteps.Normal(g).to(g.dtype), [1, 1, 1, 1], PaddingModes.Reflect);
        Tensor gated = functional.gelu(functional.conv2d(n, _gate, _gateBias)).mul_(functional.conv2d(n, _value, _valueBias));
        Tensor projection = _projectOut.transpose(1, 2).expand(g.shape[0], -1, -1);
        return FromRows(MergedSteps.AddProduct(Rows(g), Rows(gated), projection), g).MoveToOuterDisposeScope();
    }
}
