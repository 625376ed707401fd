using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;

namespace EmmaStream.Core.Pairing;

/// <summary>What the matcher waits for.</summary>
public enum PairingNeed
{
    /// <summary>The next master frame.</summary>
    Master,

    /// <summary>The next partner frame: the pending master cannot be decided without it.</summary>
    Partner,

    /// <summary>Nothing: <see cref="PairMatcher.Take"/> gives the pending master's pair.</summary>
    Nothing,

    /// <summary>Nothing more will come: the master stream ended.</summary>
    End,
}

/// <summary>
/// The pairing algorithm: for each master frame the partner nearest in capture time within the largest skew, the earlier one at a tie; where
/// none is near enough, the last partner again for at most two of its periods; else the master alone, with the reason. It asks for one
/// input at a time (<see cref="Need"/>), so a stream that ends, starts late or runs ahead cannot block it. It owns the frames given to it.
/// No I/O and no clock: frames in, pairs out. One thread.
/// </summary>
/// <param name="options">How to pair.</param>
/// <param name="ledger">Told what became of every frame.</param>
/// <param name="masterPeriod">Declared period of the master; zero if unknown.</param>
/// <param name="partnerPeriod">Declared period of the partner; zero if unknown.</param>
public sealed class PairMatcher(PairingOptions options, FrameLedger ledger, TimeSpan masterPeriod, TimeSpan partnerPeriod) : IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(5);

    private readonly FramePeriod _masterPeriod = new(masterPeriod), _partnerPeriod = new(partnerPeriod);
    private Frame? _master;
    private Partner? _before, _after;   // the last partner at or before the pending master, and the first one after it
    private bool _masterEnded, _partnerEnded;

    /// <summary>Tells which master frames exist but cannot be read, by number; asked when pairing by index. Default: none.</summary>
    public Func<long, bool> MasterUnreadable { get; init; } = _ => false;

    /// <summary>Tells which partner frames exist but cannot be read, by number; asked when pairing by index. Default: none.</summary>
    public Func<long, bool> PartnerUnreadable { get; init; } = _ => false;

    /// <summary>Skew of every pair so far.</summary>
    public SkewStatistics Skew { get; } = new();

    /// <summary>Capture time of the first master frame; null before it.</summary>
    public Timestamp? FirstMaster => MasterSpan?.First;

    /// <summary>What was read of the master stream; null before its first frame. Of the pairing's thread; for others after the run.</summary>
    public StreamSpan? MasterSpan { get; private set; }

    /// <summary>What was read of the partner stream, offset added; null before its first frame. Of the pairing's thread; for others after the run.</summary>
    public StreamSpan? PartnerSpan { get; private set; }

    /// <summary>How it pairs.</summary>
    public PairingOptions Options => options;

    /// <summary>The largest skew that makes a pair now.</summary>
    public TimeSpan MaxSkew => options.By == PairBy.Index ? TimeSpan.Zero : options.MaxSkew ?? Longer(_masterPeriod.Value, _partnerPeriod.Value) / 2 + Slack;

    /// <summary>What to do next.</summary>
    public PairingNeed Need
    {
        get
        {
            if (_master is null)
                return _masterEnded ? PairingNeed.End : PairingNeed.Master;
            bool decided = _partnerEnded || _after is not null || (_before is not null && Distance(_before) == TimeSpan.Zero);
            return decided ? PairingNeed.Nothing : PairingNeed.Partner;
        }
    }

    /// <summary>Whether the last partner frame makes a pair with the pending master, should no nearer one come.</summary>
    public bool LastPartnerIsNear => _master is not null && _before is not null && Distance(_before).Duration() <= MaxSkew;

    /// <summary>Gives the next master frame. Only when <see cref="Need"/> asks for it.</summary>
    public void AddMaster(Frame frame)
    {
        ledger.MasterIn();
        MasterSpan = StreamSpan.Extended(MasterSpan, frame.CaptureTime);
        _masterPeriod.Add(frame.CaptureTime);
        _master = frame;
        while (_after is not null && Distance(_after) <= TimeSpan.Zero)
            Advance();
    }

    /// <summary>Gives the next partner frame. Only when <see cref="Need"/> asks for it.</summary>
    public void AddPartner(Frame frame)
    {
        ledger.PartnerIn();
        _partnerPeriod.Add(frame.CaptureTime);
        PartnerSpan = StreamSpan.Extended(PartnerSpan, PartnerTime(frame));
        _after = new Partner(frame);
        if (_master is not null && Distance(_after) <= TimeSpan.Zero)
            Advance();
    }

    /// <summary>The master stream has ended.</summary>
    public void EndMaster()
    {
        _masterEnded = true;
        MasterSpan = MasterSpan is { } span ? span with { IsWhole = true } : null;
    }

    /// <summary>The partner stream has ended.</summary>
    public void EndPartner()
    {
        _partnerEnded = true;
        PartnerSpan = PartnerSpan is { } span ? span with { IsWhole = true } : null;
    }

    /// <summary>
    /// The pending master with its partner, or alone; null where its partner is unreadable: the frame is gone then and counted as dropped, as
    /// pictures without a partner are left out. Only when <see cref="Need"/> is <see cref="PairingNeed.Nothing"/>, or the partner without any more.
    /// </summary>
    public FramePair? Take()
    {
        Frame master = _master ?? throw new InvalidOperationException("no master frame is pending");
        if (options.By == PairBy.Index && PartnerUnreadable(master.Stamp.Sequence))
        {
            ledger.Dropped(FrameReason.PartnerUnreadable);
            master.Dispose();
            _master = null;
            return null;
        }
        Partner? partner = Nearest();
        if (partner is null || Distance(partner).Duration() > MaxSkew)
            partner = MayHold() ? _before : null;
        FramePair pair = partner is null ? new() { Master = master, Reason = ReasonAlone() } : Pair(master, partner);
        _master = null;
        return pair;
    }

    /// <summary>Disposes what is inside and counts it: after the end of the master, partner frames lie beyond its last one.</summary>
    public void Dispose()
    {
        if (_master is not null)
            ledger.Dropped(FrameReason.RunEnded);
        _master?.Dispose();
        _master = null;
        Retire(_before);
        Retire(_after, _masterEnded ? FrameReason.MasterEnded : FrameReason.RunEnded);
        _before = _after = null;
    }

    private FramePair Pair(Frame master, Partner partner)
    {
        TimeSpan skew = options.By == PairBy.Index ? PartnerTime(partner.Frame) - master.CaptureTime : Distance(partner);
        Skew.Add(skew);
        if (partner.Used)
            ledger.PartnerReused();
        else
            ledger.PartnerUsed();
        partner.Used = true;
        return new() { Master = master, Partner = partner.Frame.Share(), Skew = skew };
    }

    private Partner? Nearest()
    {
        if (_before is null || _after is null)
            return _before ?? _after;
        return Distance(_after) < -Distance(_before) ? _after : _before;
    }

    private bool MayHold() =>
        options.HoldLast && options.By == PairBy.Time && _before is not null && -Distance(_before) <= 2 * _partnerPeriod.Value;

    private FrameReason ReasonAlone() => (_before, _after) switch
    {
        (null, not null) => FrameReason.PartnerNotStarted,
        (null, null) => PartnerSpan is not null ? FrameReason.PartnerEnded : FrameReason.PartnerNotStarted,
        (not null, null) => FrameReason.PartnerEnded,
        _ => FrameReason.SkewTooLarge,
    };

    // The later partner becomes the one before the master.
    private void Advance()
    {
        Retire(_before);
        _before = _after;
        _after = null;
    }

    private void Retire(Partner? partner, FrameReason reason = FrameReason.NotNearest)
    {
        if (partner is { Used: false })
            ledger.PartnerUnused(options.By == PairBy.Index && MasterUnreadable(partner.Frame.Stamp.Sequence) ? FrameReason.MasterUnreadable : reason);
        partner?.Frame.Dispose();
    }

    // Partner minus master, in time or, by index, in seconds per frame number.
    private TimeSpan Distance(Partner partner) => options.By == PairBy.Index
        ? TimeSpan.FromSeconds(partner.Frame.Stamp.Sequence - _master!.Stamp.Sequence)
        : PartnerTime(partner.Frame) - _master!.CaptureTime;

    private Timestamp PartnerTime(Frame frame) => frame.CaptureTime + options.PartnerOffset;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Partner(Frame frame)
    {
        public Frame Frame { get; } = frame;

        public bool Used { get; set; }
    }
}
