namespace EmmaStream.Core.Pairing;

/// <summary>Distribution of |skew| over a run, in fixed memory: percentiles to 0.1 ms up to 1 s, the maximum exactly. One writer, any reader.</summary>
public sealed class SkewStatistics
{
    private const int BinTicks = 1000;
    private readonly long[] _bins = new long[10_001];
    private long _count, _maximumTicks;

    /// <summary>Counts one pair.</summary>
    public void Add(TimeSpan skew)
    {
        long ticks = Math.Abs(skew.Ticks);
        long bin = Math.Min((ticks + BinTicks / 2) / BinTicks, _bins.Length - 1);
        Interlocked.Increment(ref _bins[bin]);
        Interlocked.Increment(ref _count);
        if (ticks > Interlocked.Read(ref _maximumTicks))
            Interlocked.Exchange(ref _maximumTicks, ticks);
    }

    /// <summary>Pairs counted.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Largest |skew|, ms.</summary>
    public double MaximumMs => Interlocked.Read(ref _maximumTicks) / 1e4;

    /// <summary>The |skew| in ms below which <paramref name="share"/> of all pairs lie (0 to 1, nearest rank); 0 without pairs.</summary>
    public double PercentileMs(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count)), seen = 0;
        for (int bin = 0; bin < _bins.Length; bin++)
        {
            seen += Interlocked.Read(ref _bins[bin]);
            if (seen >= rank)
                return Math.Min(bin * (BinTicks / 1e4), MaximumMs);
        }
        return 0;
    }
}
