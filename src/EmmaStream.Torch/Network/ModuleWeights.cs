using EmmaStream.Fusion.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Network;

/// <summary>Carries weights between TorchSharp modules and <see cref="WeightSet"/>s, under the names of the module's state_dict.</summary>
internal static class ModuleWeights
{
    /// <summary>Name and shape of every parameter and buffer.</summary>
    public static WeightSchema Schema(nn.Module module, string network) =>
        new(network, [.. Tensors(module).Select(item => new TensorSpec(item.Name, ShapeOf(item.Value)))]);

    /// <summary>Copies every parameter and buffer in; the set has been checked against the module's schema.</summary>
    public static void CopyInto(nn.Module module, WeightSet weights)
    {
        using IDisposable noGrad = no_grad();
        foreach ((string name, Tensor target) in Tensors(module))
        {
            WeightTensor stored = weights[name];
            using Tensor values = tensor(stored.Values, [.. stored.Shape.Select(extent => (long)extent)]);
            target.copy_(values);
        }
    }

    /// <summary>Everything as it is now, as float32.</summary>
    /// <param name="module">Where it is taken from.</param>
    /// <param name="origin">What to call the set in messages.</param>
    /// <param name="metadata">What the file will say of itself.</param>
    public static WeightSet Copy(nn.Module module, string origin, IReadOnlyDictionary<string, string>? metadata = null) =>
        new(origin, Tensors(module).Select(item =>
        {
            using Tensor values = item.Value.detach().cpu().to(ScalarType.Float32).contiguous();
            return new WeightTensor(item.Name, ShapeOf(item.Value), values.data<float>().ToArray());
        }), metadata);

    /// <summary>Parameters in the order of registration, then buffers. TorchSharp's own state_dict() has some twice, under the names of fields.</summary>
    private static IEnumerable<(string Name, Tensor Value)> Tensors(nn.Module module) =>
        module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(module.named_buffers().Select(b => (b.name, b.buffer)));

    private static int[] ShapeOf(Tensor tensor) => [.. tensor.shape.Select(extent => (int)extent)];
}
