using EmmaStream.Fusion.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Network;

/// <summary>The global branch with merged weights: g = e + attention(norm1(e)); g + mlp(norm2(g)). Takes and gives channels last.</summary>
internal abstract class MergedGlobalFeature
{
    private readonly string _name;
    private readonly Tensor _norm1Weight, _norm1Bias;

    protected MergedGlobalFeature(MergedBlock block, PlacedWeights weights)
    {
        Channels = block.Spec.Channels;
        _name = $"{block.Spec.Name}.GlobalFeature";
        _norm1Weight = weights.PlaceSingle(block.Norm1Weight, 1, Channels, 1, 1);
        _norm1Bias = weights.PlaceSingle(block.Norm1Bias, 1, Channels, 1, 1);
    }

    protected long Channels { get; }

    public Tensor Forward(Tensor e, ActivationObserver? observe)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Arrange(e);
        Tensor n = addcmul(_norm1Bias, MergedSteps.Normal(x), _norm1Weight, 1).to(e.dtype);
        Tensor g = AddAttention(x, n);
        g = AddMlp(g, MergedSteps.Normal(g).to(e.dtype));
        observe?.See($"{_name}.norm1", n);
        observe?.See(_name, g);
        return MemoryLayout.ChannelsLast(g).MoveToOuterDisposeScope();
    }

    /// <summary>e in the memory layout that suits the branch.</summary>
    protected abstract Tensor Arrange(Tensor e);

    /// <summary>e + attention(n).</summary>
    protected abstract Tensor AddAttention(Tensor e, Tensor n);

    /// <summary>g + project_out(gelu(y1) * y2), y1 and y2 the halves of what the gate makes of n; norm2's weight and bias are in the gate.</summary>
    protected abstract Tensor AddMlp(Tensor g, Tensor n);
}
