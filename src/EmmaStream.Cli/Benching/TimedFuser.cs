using EmmaStream.Fusion;

namespace EmmaStream.Cli.Benching;

/// <summary>A fuser that adds up the time of its calls, by the clock on the wall.</summary>
/// <param name="inner">Does the work; the maker's.</param>
/// <param name="clock">The clock.</param>
internal sealed class TimedFuser(IFuser inner, TimeProvider clock) : IFuser
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int SmallestSide => inner.SmallestSide;

    /// <summary>Time of all calls so far.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        long start = clock.GetTimestamp();
        inner.Fuse(jobs);
        Elapsed += clock.GetElapsedTime(start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
