using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Devices;

/// <summary>
/// Memory on the host for the pictures of one batch on their way to a device or back: page-locked for CUDA, so that copies run beside the
/// computing. It grows and never shrinks. On the CPU it is the network's input itself.
/// </summary>
/// <param name="pinned">Whether to lock pages.</param>
internal sealed class HostBuffer(bool pinned) : IDisposable
{
    private Tensor? _memory;
    private long _samples;

    /// <summary>Whether buffers for a device are page-locked.</summary>
    public static bool PinFor(DeviceType device) => device == DeviceType.CUDA;

    /// <summary>A view [frames, 1, height, width] over the memory, for the current dispose scope.</summary>
    public Tensor View(int frames, int height, int width)
    {
        long samples = (long)frames * height * width;
        if (_memory is null || samples > _samples)
        {
            _memory?.Dispose();
            _memory = null;
            using Tensor pageable = empty(samples, ScalarType.Float32);
            _memory = (pinned ? pageable.pin_memory() : pageable.alias()).DetachFromDisposeScope();
            _samples = samples;
        }
        using Tensor used = _memory.narrow(0, 0, samples);
        return used.view(frames, 1, height, width);
    }

    /// <summary>The memory of <see cref="View"/>'s last result, frame after frame.</summary>
    public Span<float> Samples => MemoryMarshal.Cast<byte, float>(_memory!.bytes);

    public void Dispose() => _memory?.Dispose();
}
