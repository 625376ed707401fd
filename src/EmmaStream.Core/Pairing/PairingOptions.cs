namespace EmmaStream.Core.Pairing;

/// <summary>By what frames are paired.</summary>
public enum PairBy
{
    /// <summary>By capture time.</summary>
    Time,

    /// <summary>By number: frame n of one stream with frame n of the other.</summary>
    Index,
}

/// <summary>How master and partner frames find each other.</summary>
public sealed record PairingOptions
{
    /// <summary>Largest difference of the two cameras' clocks, either way: an hour.</summary>
    public static TimeSpan LargestOffset { get; } = TimeSpan.FromHours(1);

    /// <summary>By capture time or by number.</summary>
    public PairBy By { get; init; } = PairBy.Time;

    /// <summary>Largest distance of the two capture times: 0 to 10 s; null (auto) = half the longer frame period + 5 ms.</summary>
    public TimeSpan? MaxSkew { get; init; }

    /// <summary>Whether the last partner frame serves again, for at most two of its periods, where none is near enough.</summary>
    public bool HoldLast { get; init; } = true;

    /// <summary>Added to partner capture times before pairing: -1 h to 1 h. Positive: the partner's clock is behind.</summary>
    public TimeSpan PartnerOffset { get; init; }
}
