using EmmaStream.Core.Frames;

namespace EmmaStream.Core.Flow;

/// <summary>
/// Where every frame of a run went. Master frames, from the Pairer to the Tee: in = fused + passed + dropped + failed + in flight.
/// Partner frames: in = used (at least once) + unused + in flight. Each sink: in = written + dropped + failed + in flight.
/// Any thread may count; reports, stats and tests read <see cref="Snapshot"/>.
/// </summary>
public sealed class FrameLedger
{
    private static readonly int Reasons = Enum.GetValues<FrameReason>().Length;

    // Written by any thread (Interlocked), read by Snapshot.
    private long _masterIn, _fused, _partnerIn, _used, _reused;
    private readonly long[] _passed = new long[Reasons], _dropped = new long[Reasons], _failed = new long[Reasons], _unused = new long[Reasons];
    private readonly Lock _gate = new();
    private readonly List<SinkLedger> _sinks = [];

    /// <summary>A master frame reached the Pairer.</summary>
    public void MasterIn() => Interlocked.Increment(ref _masterIn);

    /// <summary>A master frame left the Tee fused.</summary>
    public void Fused() => Interlocked.Increment(ref _fused);

    /// <summary>A master frame left the Tee alone.</summary>
    public void Passed(FrameReason reason) => Interlocked.Increment(ref _passed[(int)reason]);

    /// <summary>A master frame was discarded on its way.</summary>
    public void Dropped(FrameReason reason) => Interlocked.Increment(ref _dropped[(int)reason]);

    /// <summary>A master frame could not be fused.</summary>
    public void Failed(FrameReason reason) => Interlocked.Increment(ref _failed[(int)reason]);

    /// <summary>A partner frame reached the Pairer.</summary>
    public void PartnerIn() => Interlocked.Increment(ref _partnerIn);

    /// <summary>A partner frame went into its first pair.</summary>
    public void PartnerUsed() => Interlocked.Increment(ref _used);

    /// <summary>A partner frame went into one more pair.</summary>
    public void PartnerReused() => Interlocked.Increment(ref _reused);

    /// <summary>A partner frame went into no pair.</summary>
    public void PartnerUnused(FrameReason reason) => Interlocked.Increment(ref _unused[(int)reason]);

    /// <summary>Opens the account of one more sink.</summary>
    public SinkLedger AddSink(string name)
    {
        SinkLedger sink = new(name);
        lock (_gate)
            _sinks.Add(sink);
        return sink;
    }

    /// <summary>All counts now.</summary>
    public LedgerSnapshot Snapshot()
    {
        lock (_gate)
        {
            return new LedgerSnapshot(
                Interlocked.Read(ref _masterIn), Interlocked.Read(ref _fused), ByReason(_passed), ByReason(_dropped), ByReason(_failed),
                Interlocked.Read(ref _partnerIn), Interlocked.Read(ref _used), Interlocked.Read(ref _reused), ByReason(_unused),
                [.. _sinks.Select(s => s.Snapshot())]);
        }
    }

    private static Dictionary<FrameReason, long> ByReason(long[] counts)
    {
        Dictionary<FrameReason, long> result = [];
        for (int i = 0; i < counts.Length; i++)
        {
            if (Interlocked.Read(ref counts[i]) is > 0 and long count)
                result[(FrameReason)i] = count;
        }
        return result;
    }
}

/// <summary>The account of one sink.</summary>
public sealed class SinkLedger
{
    private long _in, _written, _dropped, _failed;

    internal SinkLedger(string name) => Name = name;

    /// <summary>The sink's name.</summary>
    public string Name { get; }

    /// <summary>A frame was handed to the sink's link.</summary>
    public void In() => Interlocked.Increment(ref _in);

    /// <summary>A frame was written, or skipped on purpose by a sink that takes fused pairs only.</summary>
    public void Written() => Interlocked.Increment(ref _written);

    /// <summary>A frame was discarded before it was written.</summary>
    public void Dropped() => Interlocked.Increment(ref _dropped);

    /// <summary>A frame could not be written.</summary>
    public void Failed() => Interlocked.Increment(ref _failed);

    internal SinkSnapshot Snapshot() => new(
        Name, Interlocked.Read(ref _in), Interlocked.Read(ref _written), Interlocked.Read(ref _dropped), Interlocked.Read(ref _failed));
}

/// <summary>Counts of one sink.</summary>
/// <param name="Name">The sink.</param>
/// <param name="In">Handed to its link.</param>
/// <param name="Written">Written.</param>
/// <param name="Dropped">Discarded before it was written.</param>
/// <param name="Failed">Could not be written.</param>
public sealed record SinkSnapshot(string Name, long In, long Written, long Dropped, long Failed)
{
    /// <summary>Handed over and not yet accounted for.</summary>
    public long InFlight => In - Written - Dropped - Failed;
}

/// <summary>All counts of a run at one moment.</summary>
/// <param name="MasterIn">Master frames that reached the Pairer.</param>
/// <param name="Fused">Fused.</param>
/// <param name="Passed">Passed on alone, by reason.</param>
/// <param name="Dropped">Discarded, by reason.</param>
/// <param name="Failed">Failed, by reason.</param>
/// <param name="PartnerIn">Partner frames that reached the Pairer.</param>
/// <param name="Used">Partner frames in at least one pair.</param>
/// <param name="Reused">Further uses of partner frames.</param>
/// <param name="Unused">Partner frames in no pair, by reason.</param>
/// <param name="Sinks">Each sink.</param>
public sealed record LedgerSnapshot(
    long MasterIn, long Fused,
    IReadOnlyDictionary<FrameReason, long> Passed, IReadOnlyDictionary<FrameReason, long> Dropped, IReadOnlyDictionary<FrameReason, long> Failed,
    long PartnerIn, long Used, long Reused, IReadOnlyDictionary<FrameReason, long> Unused,
    IReadOnlyList<SinkSnapshot> Sinks)
{
    /// <summary>Frames that left the Tee: what every sink of an offline run was given.</summary>
    public long Delivered => Fused + Passed.Values.Sum();

    /// <summary>Master frames not yet accounted for.</summary>
    public long MasterInFlight => MasterIn - Delivered - Dropped.Values.Sum() - Failed.Values.Sum();

    /// <summary>Partner frames not yet accounted for.</summary>
    public long PartnerInFlight => PartnerIn - Used - Unused.Values.Sum();

    /// <summary>One line for each account that does not add up now that nothing is in flight; empty when all do.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (MasterInFlight != 0)
            problems.Add($"{MasterInFlight} of {MasterIn} master frames are not accounted for");
        if (PartnerInFlight != 0)
            problems.Add($"{PartnerInFlight} of {PartnerIn} partner frames are not accounted for");
        problems.AddRange(Sinks.Where(s => s.InFlight != 0).Select(s => $"{s.InFlight} of {s.In} frames at sink {s.Name} are not accounted for"));
        return problems;
    }
}
