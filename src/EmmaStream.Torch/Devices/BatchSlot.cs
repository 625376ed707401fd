using EmmaStream.Fusion;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Devices;

/// <summary>One batch on its way through a device. A fuser has two, so that the host fills one while the device works on the other.</summary>
/// <param name="device">Where the network runs.</param>
internal sealed class BatchSlot(Device device) : IDisposable
{
    private readonly HostBuffer _infrared = new(HostBuffer.PinFor(device.type));
    private readonly HostBuffer _visible = new(HostBuffer.PinFor(device.type));
    private readonly HostBuffer _fused = new(HostBuffer.PinFor(device.type));
    private readonly List<FusionJob> _jobs = [];
    private PaddedSize _size;

    /// <summary>Whether a batch was started and not finished.</summary>
    public bool IsBusy => _jobs.Count > 0;

    /// <summary>Copies the sources in, runs the network and starts copying the result back; on CUDA all of it may still run on return.</summary>
    public void Start(List<FusionJob> jobs, int first, int count, PaddedSize size, Func<Tensor, Tensor, Tensor> network)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor infrared = _infrared.View(count, size.Height, size.Width);
        Tensor visible = _visible.View(count, size.Height, size.Width);
        Tensor fused = _fused.View(count, size.Height, size.Width);
        for (int i = 0; i < count; i++)
        {
            size.Fill(jobs[first + i].Infrared, _infrared.Samples.Slice(i * size.Samples, size.Samples));
            size.Fill(jobs[first + i].Visible, _visible.Samples.Slice(i * size.Samples, size.Samples));
        }
        Tensor result = network(infrared.to(device, non_blocking: true), visible.to(device, non_blocking: true));
        fused.copy_(result, true);                       // without waiting where the memory is page-locked
        for (int i = 0; i < count; i++)
            _jobs.Add(jobs[first + i]);
        _size = size;
    }

    /// <summary>Writes the results where the jobs want them. The device must have finished.</summary>
    public void Finish()
    {
        for (int i = 0; i < _jobs.Count; i++)
            _size.Crop(_fused.Samples.Slice(i * _size.Samples, _size.Samples), _jobs[i].Fused);
        _jobs.Clear();
    }

    /// <summary>Forgets a batch whose device failed.</summary>
    public void Abandon() => _jobs.Clear();

    public void Dispose()
    {
        _infrared.Dispose();
        _visible.Dispose();
        _fused.Dispose();
    }
}
