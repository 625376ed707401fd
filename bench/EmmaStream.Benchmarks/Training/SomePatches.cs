using EmmaStream.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Benchmarks.Training;

/// <summary>The patches of one step on the device, for what is timed without a phase around it.</summary>
internal sealed class SomePatches : IDisposable
{
    public SomePatches(PatchShape shape, PatchSampler sampler, Device device)
    {
        PatchBatch batch = new(shape.Batch, shape.Side);
        sampler.Fill(batch, new Random(1));
        long[] size = [shape.Batch, 1, shape.Side, shape.Side];
        (Infrared, Visible, Fused) = (tensor(batch.Infrared, size, device: device), tensor(batch.Visible, size, device: device), tensor(batch.Target, size, device: device));
    }

    /// <summary>[N, 1, S, S].</summary>
    public Tensor Infrared { get; }

    /// <summary>The same places.</summary>
    public Tensor Visible { get; }

    /// <summary>What the target's maker made of them.</summary>
    public Tensor Fused { get; }

    public void Dispose()
    {
        Infrared.Dispose();
        Visible.Dispose();
        Fused.Dispose();
    }
}
