using EmmaStream.Cli.Options;
using EmmaStream.Fusion;

namespace EmmaStream.Cli.Benching;

/// <summary>Times one case, a turn at a time.</summary>
/// <param name="what">The case.</param>
/// <param name="fuser">Its fuser; the maker's.</param>
/// <param name="clock">The clock.</param>
internal sealed class CaseBench(BenchCase what, IFuser fuser, TimeProvider clock) : IDisposable
{
    private readonly BenchPictures _pictures = new(what.Size, what.Scale, what.Batch);
    private readonly Samples _samples = new();
    private long _allocated;

    /// <summary>What is measured.</summary>
    public BenchCase Case => what;

    public double MedianMs => _samples.Median;

    public void WarmUp(TimeSpan turn) => Turns.WarmUp(clock, turn, Call);

    public void Turn(TimeSpan turn) => Turns.Take(clock, turn, Call, time => _samples.Add(time / what.Batch));

    /// <summary>The row of the table.</summary>
    /// <param name="opByOpMs">What libtorch op by op took, if it was measured.</param>
    /// <param name="peak">GFLOP/s of a core.</param>
    public FuserRow Row(double? opByOpMs, double peak)
    {
        double ms = _samples.Median;
        double? rate = what.DirectGflop * 1000 / ms;
        return new(
            fuser.Name, what.Fuser.Name, what.Fuser.Threads, what.Size.ToString(), FusionScales.Format(what.Scale), what.Batch, Math.Round(ms, 3), Math.Round(_samples.P95, 3),
            Math.Round(1000 / ms, 3), Rounded(opByOpMs / ms, 3), Rounded(rate, 2), Rounded(rate / (peak * what.Fuser.Threads), 4), _allocated / what.Batch, _samples.Count);
    }

    /// <inheritdoc/>
    public void Dispose() => _pictures.Dispose();

    private TimeSpan Call()
    {
        long bytes = GC.GetTotalAllocatedBytes(), start = clock.GetTimestamp();
        fuser.Fuse(_pictures.Jobs);
        TimeSpan time = clock.GetElapsedTime(start);
        _allocated = GC.GetTotalAllocatedBytes() - bytes;
        return time;
    }

    private static double? Rounded(double? value, int digits) => value is { } known ? Math.Round(known, digits) : null;
}
