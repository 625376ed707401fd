using System.Globalization;
using System.Runtime.InteropServices;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Torch.Devices;
using EmmaStream.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch;

/// <summary>
/// EMMA on TorchSharp, on the CPU or a CUDA device, merged unless asked for as published. Pictures of any size from 9x9 are reflected to a multiple of 8 and
/// at least 16, and the result is cropped. Jobs of one padded size go through the network together, up to the largest batch. libtorch's number
/// of threads is the process's: every call sets its fuser's own, so fusers of different counts may take turns, but not run at once.
/// </summary>
public sealed class TorchFuser : IFuser
{
    private readonly Device _device;
    private readonly int _threads;
    private readonly IDisposable _network;
    private readonly BatchLimit _limit;
    private readonly BatchSlot[] _slots;
    private readonly Func<Tensor, Tensor, Tensor> _forward;
    private readonly Action<int, int> _start;

    // Of the call that runs.
    private readonly List<FusionJob> _group = [];
    private readonly List<PaddedSize> _sizes = [];
    private PaddedSize _size;
    private int _next;

    /// <summary>Loads libtorch and puts the weights on the device.</summary>
    /// <param name="weights">The U-Fuser's weights; not referred to later.</param>
    /// <param name="options">Device, precision, threads, batch.</param>
    /// <exception cref="Fault">libtorch cannot be loaded, the device is absent, an option is out of range, or the weights are others.</exception>
    public TorchFuser(WeightSet weights, TorchFuserOptions? options = null)
    {
        options ??= new();
        if (options.Threads is < 0 or > 1024)
            throw Fault.Usage($"threads is {options.Threads}; allowed are 0 to 1024");
        if (options.LargestBatch is < 0 or > 64)
            throw Fault.Usage($"batch is {options.LargestBatch}; allowed are 0 to 64");
        UFuserSchema.Check(weights);
        _device = options.Device.Resolve();
        ScalarType compute = options.AsPublished && options.Precision == Precision.Auto ? ScalarType.Float32 : options.Precision.On(_device.type);
        if (options.AsPublished && compute != ScalarType.Float32)
            throw Fault.Usage("the published network runs in single precision only; leave half out, or run it merged");
        _threads = options.Threads > 0 ? options.Threads : TorchRuntime.OwnThreads;
        bool cuda = _device.type == DeviceType.CUDA;
        if (cuda && compute == ScalarType.Float32)
            TorchRuntime.ComputeExactly();
        (_network, _forward) = options.AsPublished ? Published(weights) : Merged(new MergedWeights(weights), compute);
        _limit = new BatchLimit(options.LargestBatch > 0 ? options.LargestBatch : cuda ? 8 : 1);
        _slots = [new BatchSlot(_device), new BatchSlot(_device)];
        _start = Start;
        string form = options.AsPublished ? "torch op by op" : "torch";
        Name = cuda
            ? string.Create(CultureInfo.InvariantCulture, $"emma ({form}, cuda:{_device.index}, {(compute == ScalarType.Float16 ? "half" : "single")})")
            : string.Create(CultureInfo.InvariantCulture, $"emma ({form}, cpu, {Counted.Of(_threads, "thread")})");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int SmallestSide => UFuserSchema.SmallestSize / 2 + 1;        // a smaller one cannot be reflected to 16 at once

    /// <summary>Most frames that go through the network at once; it shrinks where the device's memory does not suffice.</summary>
    public int LargestBatch => _limit.Current;

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (ref readonly FusionJob job in jobs)
            Check(job);
        // OpenMP keeps the count by calling thread and MKL by process: another fuser may have set either since. It costs nothing measurable.
        TorchRuntime.Threads = _threads;
        try
        {
            Group(jobs);
            Drain();
        }
        catch (ExternalException e)
        {
            throw new Fault(FaultKind.Fusion, BatchLimit.IsOutOfMemory(e)
                ? $"{Name}: memory does not suffice for one frame of {_size.Width}x{_size.Height}. Use a smaller size, or another device"
                : $"{Name}: {e.Message.Split('\n')[0]}", e);
        }
        finally
        {
            foreach (BatchSlot slot in _slots)
                slot.Abandon();
        }
    }

    /// <summary>
    /// Fuses black pictures of a size until the device is at its pace: kernels are chosen, memory is had, a batch that does not fit is made
    /// smaller. The first frame of a stream does not wait for that then.
    /// </summary>
    /// <exception cref="Fault">The size or the device makes it impossible.</exception>
    public void WarmUp(int width, int height)
    {
        using LumaBuffer source = new(), fused = new();
        LumaPlane black = source.Plane(width, height);
        for (int y = 0; y < height; y++)
            black.Row(y).Clear();
        FusionJob[] batch = new FusionJob[_limit.Current];
        Array.Fill(batch, new(black, black, fused.Plane(width, height)));
        Fuse(batch);
        Fuse(batch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BatchSlot slot in _slots)
            slot.Dispose();
        _network.Dispose();
    }

    private (IDisposable Network, Func<Tensor, Tensor, Tensor> Forward) Merged(MergedWeights weights, ScalarType compute)
    {
        MergedUFuser network = new(weights, _device, compute);
        return (network, network.Forward);
    }

    private (IDisposable Network, Func<Tensor, Tensor, Tensor> Forward) Published(WeightSet weights)
    {
        UFuserModule network = new(weights);
        network.to(_device);
        return (network, (infrared, visible) =>
        {
            using IDisposable noGrad = no_grad();
            return network.call(infrared, visible);
        });
    }

    private void Check(in FusionJob job)
    {
        FusionJobs.Check(job, Name, SmallestSide);
        if (job.Scale != FusionScale.Full)
            throw new Fault(FaultKind.Fusion, $"{Name}: fuses at full size only, not at 1/{(int)job.Scale}. Use --scale 1");
    }

    /// <summary>Runs the jobs size by size, each size in the order of its jobs.</summary>
    private void Group(ReadOnlySpan<FusionJob> jobs)
    {
        _sizes.Clear();
        foreach (FusionJob job in jobs)
        {
            PaddedSize size = PaddedSize.Of(job.Fused.Width, job.Fused.Height);
            if (!_sizes.Contains(size))
                _sizes.Add(size);
        }
        foreach (PaddedSize size in _sizes)
        {
            _group.Clear();
            foreach (FusionJob job in jobs)
            {
                if (PaddedSize.Of(job.Fused.Width, job.Fused.Height) == size)
                    _group.Add(job);
            }
            _size = size;
            _limit.Run(_group.Count, _start);
        }
    }

    private void Start(int first, int count)
    {
        BatchSlot slot = _slots[_next];
        if (slot.IsBusy)
            Drain();
        slot.Start(_group, first, count, _size, _forward);
        _next = 1 - _next;
    }

    /// <summary>Waits for the device and hands all results out, the older batch first.</summary>
    private void Drain()
    {
        if (_device.type == DeviceType.CUDA)
            cuda.synchronize(_device);
        _slots[_next].Finish();
        _slots[1 - _next].Finish();
    }
}
