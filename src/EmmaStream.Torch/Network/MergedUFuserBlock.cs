using EmmaStream.Fusion.Network;
using TorchSharp;
using static EmmaStream.Torch.Network.MemoryLayout;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>
/// One block with merged weights: what <see cref="UFuserBlock"/> computes, in fewer and denser steps. Inference only. Tensors have channels
/// last; a concatenation before a convolution is a sum of two convolutions.
/// </summary>
internal sealed class MergedUFuserBlock
{
    private readonly string _name;
    private readonly MergedGlobalFeature _global;
    private readonly Tensor[] _embed, _ffn;
    private readonly (Tensor Weight, Tensor Bias)[] _local;

    /// <param name="block">The merged weights.</param>
    /// <param name="inputs">How many tensors of equal channels <see cref="Forward"/> will get.</param>
    /// <param name="weights">Owns the weights on the device.</param>
    public MergedUFuserBlock(MergedBlock block, int inputs, PlacedWeights weights)
    {
        long d = block.Spec.Channels;
        _name = block.Spec.Name;
        _embed = weights.PlaceKernelParts(block.Embed, inputs, d, block.Spec.InputChannels);
        _global = new(block, weights);
        _local = [.. block.Local.Select(conv => (weights.PlaceKernel(conv.Weight, d, d, 3, 3), weights.Place(conv.Bias, d)))];
        _ffn = weights.PlaceKernelParts(block.Ffn, 2, d, 2 * d);
    }

    /// <summary>FFN(concat(global(e), local(e))), e = embed(concat(inputs)).</summary>
    public Tensor Forward(ActivationObserver? observe, params ReadOnlySpan<Tensor> inputs)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor e = Joined(_embed, inputs);
        Tensor joined = Joined(_ffn, _global.Forward(e, observe), Local(e, observe));
        observe?.See($"{_name}.embed", e);
        observe?.See(_name, joined);
        return joined.MoveToOuterDisposeScope();
    }

    /// <summary>Twice: l + conv2(relu(conv0(l))).</summary>
    private Tensor Local(Tensor e, ActivationObserver? observe)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor l = e;
        for (int step = 0; step < 2; step++)
        {
            Tensor inner = MergedSteps.Reflect3x3(l, _local[2 * step].Weight, _local[2 * step].Bias).relu_();
            l = MergedSteps.Reflect3x3(inner, _local[2 * step + 1].Weight, _local[2 * step + 1].Bias).PlusInPlace(l);
            observe?.See(step == 0 ? $"{_name}.LocalFeature.Extraction.0" : $"{_name}.LocalFeature", l);
        }
        return l.MoveToOuterDisposeScope();
    }

    /// <summary>conv(concat(inputs)) as the sum of a convolution for each.</summary>
    private static Tensor Joined(Tensor[] kernels, params ReadOnlySpan<Tensor> inputs)
    {
        Tensor sum = MergedSteps.Reflect3x3(inputs[0], kernels[0]);
        for (int part = 1; part < inputs.Length; part++)
        {
            using Tensor addend = MergedSteps.Reflect3x3(inputs[part], kernels[part]);
            sum.PlusInPlace(addend);
        }
        return sum;
    }
}
