using EmmaStream.Core.Faults;

namespace EmmaStream.Fusion.Reduced;

/// <summary>Reduces, fuses in one call of the inner fuser, and carries each small result up. Keeps its memory between calls.</summary>
internal sealed class ReducedSizeFusion : IDisposable
{
    private readonly List<ReducedPair> _pairs = [];
    private readonly LocalLinearModel _model = new();
    private FusionJob[] _inner = [];

    /// <summary>Whether any job asks for a reduced size.</summary>
    public static bool Concerns(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (ref readonly FusionJob job in jobs)
        {
            if (job.Scale != FusionScale.Full)
                return true;
        }
        return false;
    }

    /// <summary>Fuses every job at its scale.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="fuser">Gets them with <see cref="FusionScale.Full"/>, the reduced ones as small pictures.</param>
    /// <exception cref="Fault">A scale is unknown or leaves too small a picture, or the fuser refuses.</exception>
    public void Fuse(ReadOnlySpan<FusionJob> jobs, IFuser fuser)
    {
        if (_inner.Length < jobs.Length)
            _inner = new FusionJob[jobs.Length];
        while (_pairs.Count < jobs.Length)
            _pairs.Add(new ReducedPair());
        foreach (ref readonly FusionJob job in jobs)
            Check(job, fuser);
        for (int i = 0; i < jobs.Length; i++)
            _inner[i] = jobs[i].Scale == FusionScale.Full ? jobs[i] : _pairs[i].Reduce(jobs[i]);
        fuser.Fuse(_inner.AsSpan(0, jobs.Length));
        for (int i = 0; i < jobs.Length; i++)
        {
            if (jobs[i].Scale == FusionScale.Full)
                continue;
            _model.Fit(_inner[i], jobs[i].Scale);
            _model.Apply(jobs[i]);
        }
    }

    public void Dispose()
    {
        foreach (ReducedPair pair in _pairs)
            pair.Dispose();
        _model.Dispose();
    }

    private static void Check(in FusionJob job, IFuser fuser)
    {
        FusionJobs.Check(job, fuser.Name, fuser.SmallestSide);
        if (job.Scale is not (FusionScale.Full or FusionScale.Half or FusionScale.Quarter))
            throw new Fault(FaultKind.Fusion, $"a scale of 1/{(int)job.Scale} is unknown; there are 1, 1/2 and 1/4");
        (int width, int height) = AreaReduction.SizeOf(job.Fused.Width, job.Fused.Height, (int)job.Scale);
        if (Math.Min(width, height) < fuser.SmallestSide)
            throw new Fault(FaultKind.Fusion, $"a {job.Fused.Width}x{job.Fused.Height} picture at scale 1/{(int)job.Scale} leaves {width}x{height}: {fuser.Name} takes {fuser.SmallestSide}x{fuser.SmallestSide} and more. Use a larger scale");
    }
}

/// <summary>The small pictures of one pair.</summary>
internal sealed class ReducedPair : IDisposable
{
    private readonly LumaBuffer _infrared = new(), _visible = new(), _fused = new();
    private readonly AreaReduction _reduction = new();

    /// <summary>The job at its scale, its sources reduced.</summary>
    public FusionJob Reduce(in FusionJob job)
    {
        (int width, int height) = AreaReduction.SizeOf(job.Fused.Width, job.Fused.Height, (int)job.Scale);
        LumaPlane infrared = _infrared.Plane(width, height), visible = _visible.Plane(width, height);
        _reduction.Reduce(job.Infrared, infrared, (int)job.Scale);
        _reduction.Reduce(job.Visible, visible, (int)job.Scale);
        return new(infrared, visible, _fused.Plane(width, height));
    }

    public void Dispose()
    {
        _infrared.Dispose();
        _visible.Dispose();
        _fused.Dispose();
        _reduction.Dispose();
    }
}
