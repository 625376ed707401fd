using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Threads;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>The engine with its instruction set hidden; see <see cref="CpuEngine{TKernels}"/>.</summary>
internal abstract class CpuEngine : IDisposable
{
    /// <summary>Instruction set.</summary>
    public abstract string Kernels { get; }

    /// <summary>Fuses pairs of any sizes.</summary>
    public abstract void Fuse(ReadOnlySpan<FusionJob> jobs);

    /// <summary>Keeps the activations of the frames that follow, or stops to.</summary>
    public abstract void Watch(ActivationProbe? probe);

    /// <summary>Tells of every step of every layer that follows, by the layer's name, or stops to.</summary>
    public abstract void Time(Action<string>? stepped);

    public abstract void Dispose();

    /// <summary>The engine for the widest vectors that this machine has.</summary>
    public static CpuEngine Create(UFuserFilters filters, EmmaCpuOptions options)
        => Vector512Kernels.IsSupported ? new CpuEngine<Vector512Kernels>(filters, options)
            : Vector256Kernels.IsSupported ? new CpuEngine<Vector256Kernels>(filters, options)
            : new CpuEngine<ScalarKernels>(filters, options);
}

/// <summary>Keeps what each picture size needs, and spreads pairs over the workers: a pair per worker while there are enough, then bands of one pair.</summary>
/// <param name="filters">The weights; owned.</param>
/// <param name="options">Checked settings.</param>
internal sealed class CpuEngine<TKernels>(UFuserFilters filters, EmmaCpuOptions options) : CpuEngine
    where TKernels : struct, IKernels
{
    private readonly WorkerPool _pool = new(options.Threads);
    private readonly List<SizePlan<TKernels>> _plans = [];   // latest used last
    private ActivationProbe? _probe;
    private Action<string>? _stepped;

    public override string Kernels => TKernels.Name;

    public override void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        for (int i = 0; i < jobs.Length;)
        {
            SizePlan<TKernels> plan = PlanFor(jobs[i].Infrared);
            int alike = 1;
            while (i + alike < jobs.Length && plan.Takes(jobs[i + alike].Infrared))
                alike++;
            plan.Fuse(jobs.Slice(i, alike), options.MemoryBudgetBytes - TakenBytes());
            i += alike;
        }
    }

    public override void Watch(ActivationProbe? probe)
    {
        _probe = probe;
        foreach (SizePlan<TKernels> plan in _plans)
            plan.Watch(probe, _stepped);
    }

    public override void Time(Action<string>? stepped)
    {
        _stepped = stepped;
        foreach (SizePlan<TKernels> plan in _plans)
            plan.Watch(_probe, stepped);
    }

    public override void Dispose()
    {
        _pool.Dispose();
        foreach (SizePlan<TKernels> plan in _plans)
            plan.Dispose();
        filters.Dispose();
    }

    private SizePlan<TKernels> PlanFor(LumaPlane picture)
    {
        for (int i = 0; i < _plans.Count; i++)
        {
            SizePlan<TKernels> known = _plans[i];
            if (!known.Takes(picture))
                continue;
            _plans.RemoveAt(i);
            _plans.Add(known);
            return known;
        }
        return AddPlan(picture);
    }

    private SizePlan<TKernels> AddPlan(LumaPlane picture)
    {
        (int width, int height) = SizePlan<TKernels>.PaddedSize(picture);
        long bytes = SizePlan<TKernels>.Bytes(width, height, options.Threads);
        if (bytes > options.MemoryBudgetBytes)
            throw new Fault(FaultKind.Fusion, $"a {picture.Width}x{picture.Height} picture takes {bytes >> 20} MiB of working memory, the budget is {options.MemoryBudgetBytes >> 20} MiB. Raise the budget, or fuse a smaller size");
        while (_plans.Count > 0 && TakenBytes() + bytes > options.MemoryBudgetBytes)
        {
            _plans[0].Dispose();
            _plans.RemoveAt(0);
        }
        var plan = new SizePlan<TKernels>(filters, width, height, _pool);
        plan.Watch(_probe, _stepped);
        _plans.Add(plan);
        return plan;
    }

    private long TakenBytes()
    {
        long bytes = 0;
        foreach (SizePlan<TKernels> plan in _plans)
            bytes += plan.TotalBytes;
        return bytes;
    }
}
