namespace EmmaStream.Metrics.Running;

/// <summary>Counts what is done and tells it at most ten times a second, and at the end. Called by any thread.</summary>
internal sealed class ProgressMeter(IProgress<EvaluationProgress>? progress, long? total, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();

    // Written by any thread (Interlocked).
    private long _done, _told;

    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    public void Finished(string name)
    {
        long done = Interlocked.Increment(ref _done);
        if (progress is null)
            return;
        TimeSpan elapsed = Elapsed;
        long slot = (long)(elapsed.TotalSeconds * 10) + 1, told = Interlocked.Read(ref _told);
        bool mine = slot > told && Interlocked.CompareExchange(ref _told, slot, told) == told;
        if (mine || done == total)
            progress.Report(new(done, total, elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0, name));
    }
}
