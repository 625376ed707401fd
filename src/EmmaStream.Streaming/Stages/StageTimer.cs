namespace EmmaStream.Streaming.Stages;

/// <summary>Adds up the time that a stage worked, waiting left out. Written by the stage, read by reports.</summary>
/// <param name="clock">The clock.</param>
public sealed class StageTimer(TimeProvider clock)
{
    private long _ticks;

    /// <summary>Time worked so far.</summary>
    public TimeSpan Elapsed => new(Interlocked.Read(ref _ticks));

    /// <summary>The moment to hand to <see cref="Stop"/>.</summary>
    public long Start() => clock.GetTimestamp();

    /// <summary>Adds the time since <paramref name="start"/>.</summary>
    public void Stop(long start) => Interlocked.Add(ref _ticks, clock.GetElapsedTime(start).Ticks);
}
