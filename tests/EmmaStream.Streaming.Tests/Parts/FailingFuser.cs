using EmmaStream.Fusion;
using EmmaStream.Fusion.Classical;

namespace EmmaStream.Streaming.Tests.Parts;

/// <summary>The average, except that a call with a pair whose visible begins with the level <paramref name="level"/> throws.</summary>
/// <param name="level">In [0, 1].</param>
/// <param name="failure">What to throw.</param>
internal sealed class FailingFuser(float level, Func<Exception> failure) : IFuser
{
    private readonly AverageFuser _average = new();

    public string Name => "failing";

    public int SmallestSide => 1;

    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (FusionJob job in jobs)
        {
            if (Math.Abs(job.Visible.Row(0)[0] - level) < 1e-3f)
                throw failure();
        }
        _average.Fuse(jobs);
    }

    public void Dispose() => _average.Dispose();
}
