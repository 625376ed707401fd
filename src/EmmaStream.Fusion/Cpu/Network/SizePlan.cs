using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;
using EmmaStream.Fusion.Cpu.Threads;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>All memory for one padded picture size: what each worker needs, a pass for single pairs and, once batches come, one per worker.</summary>
internal sealed unsafe class SizePlan<TKernels> : IDisposable
    where TKernels : struct, IKernels
{
    private readonly UFuserFilters _filters;
    private readonly NetworkLayouts _layouts;
    private readonly WorkerPool _pool;
    private readonly NativeFloats _zeroRow;
    private readonly Worker<TKernels>[] _workers;
    private readonly Crew<TKernels> _together;
    private readonly Crew<TKernels>[] _alone;
    private readonly List<UFuserPass<TKernels>> _passes = [];
    private readonly Action<int, int> _fuseAlone;
    private readonly int _width, _height;
    private readonly long _workerBytes, _passBytes;
    private FusionJob[] _jobs = [];

    public SizePlan(UFuserFilters filters, int width, int height, WorkerPool pool)
    {
        (_filters, _width, _height, _pool) = (filters, width, height, pool);
        _layouts = new NetworkLayouts(width, height);
        _workerBytes = pool.Workers * Worker<TKernels>.Floats(_layouts) * sizeof(float);
        _passBytes = UFuserPass<TKernels>.Floats(_layouts) * sizeof(float);
        _zeroRow = new NativeFloats(_layouts.LargestRow + PhaseLayout.Slack);
        _workers = [.. Enumerable.Range(0, pool.Workers).Select(_ => new Worker<TKernels>(_layouts, _zeroRow.Pointer))];
        _together = new Crew<TKernels>(_workers, pool.Workers > 1 ? pool : null);
        _alone = [.. _workers.Select(worker => new Crew<TKernels>([worker], null))];
        _fuseAlone = (job, worker) => Forward(_passes[worker], _alone[worker], _jobs[job]);
        AddPass();
    }

    /// <summary>Working memory that the plan has taken.</summary>
    public long TotalBytes => _workerBytes + (_passes.Count * _passBytes);

    /// <summary>The size a picture is padded to: multiples of 8, at least 16.</summary>
    public static (int Width, int Height) PaddedSize(LumaPlane picture)
    {
        static int Padded(int n) => Math.Max((n + UFuserSchema.SizeStep - 1) / UFuserSchema.SizeStep * UFuserSchema.SizeStep, UFuserSchema.SmallestSize);
        return (Padded(picture.Width), Padded(picture.Height));
    }

    /// <summary>Working memory that single pairs of a padded size take.</summary>
    public static long Bytes(int width, int height, int workers)
    {
        var layouts = new NetworkLayouts(width, height);
        return sizeof(float) * ((workers * Worker<TKernels>.Floats(layouts)) + UFuserPass<TKernels>.Floats(layouts));
    }

    public bool Takes(LumaPlane picture) => PaddedSize(picture) == (_width, _height);

    /// <summary>Fuses pairs of this size: one per worker while there are as many, then each by all workers.</summary>
    /// <param name="jobs">The pairs.</param>
    /// <param name="spareBytes">Memory that may still be taken for more pairs at once.</param>
    public void Fuse(ReadOnlySpan<FusionJob> jobs, long spareBytes)
    {
        int alone = _workers.Length == 1 ? 0 : jobs.Length / _workers.Length * _workers.Length;
        if (alone > 0 && !HasPassPerWorker(spareBytes))
            alone = 0;
        if (alone > 0)
        {
            if (_jobs.Length < alone)
                _jobs = new FusionJob[alone];
            jobs[..alone].CopyTo(_jobs);
            _pool.Run(alone, _fuseAlone);
        }
        foreach (FusionJob job in jobs[alone..])
            Forward(_passes[0], _together, job);
    }

    public void Watch(ActivationProbe? probe, Action<string>? stepped)
    {
        foreach (BlockSweep<TKernels> sweep in _workers.SelectMany(w => w.Sweeps))
            sweep.Probe = probe;
        _together.Stepped = probe is null && stepped is null ? null : (layer, step) =>
        {
            layer.Show(probe, step);
            stepped?.Invoke(layer.Name);
        };
    }

    public void Dispose()
    {
        foreach (UFuserPass<TKernels> pass in _passes)
            pass.Dispose();
        foreach (Worker<TKernels> worker in _workers)
            worker.Dispose();
        _zeroRow.Dispose();
    }

    private static void Forward(UFuserPass<TKernels> pass, Crew<TKernels> crew, in FusionJob job)
        => pass.Forward(crew, job.Infrared, job.Visible, job.Fused);

    /// <summary>Makes the passes that one pair per worker needs, if memory allows.</summary>
    private bool HasPassPerWorker(long spareBytes)
    {
        if ((_workers.Length - _passes.Count) * _passBytes > spareBytes)
            return false;
        while (_passes.Count < _workers.Length)
            AddPass();
        return true;
    }

    private void AddPass() => _passes.Add(new UFuserPass<TKernels>(_filters, _layouts, _zeroRow.Pointer));
}
