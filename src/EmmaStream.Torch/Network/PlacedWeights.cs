using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Network;

/// <summary>Puts a network's weights on a device and owns them there.</summary>
/// <param name="device">The device.</param>
/// <param name="compute">The type that convolutions run in.</param>
internal sealed class PlacedWeights(Device device, ScalarType compute) : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    /// <summary>Values in the type of the convolutions.</summary>
    public Tensor Place(float[] values, params long[] shape) => Keep(values, shape, compute, x => x);

    /// <summary>For what stays in float32 whatever the convolutions run in: norms, attention.</summary>
    public Tensor PlaceSingle(float[] values, params long[] shape) => Keep(values, shape, ScalarType.Float32, x => x);

    /// <summary>A kernel [out, in, 3, 3] or [in, out, 4, 4], channels last in memory.</summary>
    public Tensor PlaceKernel(float[] values, params long[] shape) => Keep(values, shape, compute, MemoryLayout.ChannelsLast);

    /// <summary>A kernel whose input is a concatenation of equal parts, as one kernel for each part.</summary>
    public Tensor[] PlaceKernelParts(float[] values, int parts, long outputs, long inputs) =>
        [.. Enumerable.Range(0, parts).Select(part => Keep(values, [outputs, inputs, 3, 3], compute,
            x => MemoryLayout.ChannelsLast(x.chunk(parts, dim: 1)[part])))];

    public void Dispose()
    {
        foreach (Tensor tensor in _tensors)
            tensor.Dispose();
        _tensors.Clear();
    }

    private Tensor Keep(float[] values, long[] shape, ScalarType type, Func<Tensor, Tensor> arrange)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor placed = arrange(tensor(values).view(shape).to(type).to(device)).DetachFromDisposeScope();
        _tensors.Add(placed);
        return placed;
    }
}
