using EmmaStream.Core.Flow;

namespace EmmaStream.Cli.Reports;

/// <summary>Tells how far a run is: one line that is rewritten on a terminal, else a line every few seconds. Goes to standard error.</summary>
internal sealed class ProgressLine
{
    private readonly TextWriter _output;
    private readonly bool _terminal;
    private readonly TimeProvider _clock;
    private readonly long? _total;
    private readonly long _start;

    /// <param name="output">Where to write.</param>
    /// <param name="terminal">Whether it is a terminal.</param>
    /// <param name="total">Master frames to expect, if known.</param>
    /// <param name="clock">For rate and time left.</param>
    public ProgressLine(TextWriter output, bool terminal, long? total, TimeProvider clock)
    {
        (_output, _terminal, _total, _clock) = (output, terminal, total, clock);
        _start = clock.GetTimestamp();
    }

    /// <summary>Shows progress until <paramref name="run"/> is over, and returns its outcome.</summary>
    public async Task<StageOutcome> FollowAsync(Task<StageOutcome> run, FrameLedger ledger)
    {
        using StatusLine line = new(_output, _terminal, _clock, rewritten: TimeSpan.Zero, repeated: TimeSpan.Zero);   // the timer sets the pace
        using PeriodicTimer timer = new(_terminal ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(5), _clock);
        while (!run.IsCompleted)
        {
            if (await Task.WhenAny(run, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false) != run)
                line.Offer(() => Text(ledger.Snapshot()));
        }
        return await run.ConfigureAwait(false);
    }

    internal string Text(LedgerSnapshot ledger)
    {
        double seconds = Math.Max(_clock.GetElapsedTime(_start).TotalSeconds, 0.001), rate = ledger.Delivered / seconds;
        string text = $"{ledger.Delivered}{(_total is { } t ? $" of {t}" : "")} frames, {rate:0.0} fps";
        if (_total is not { } total || total <= 0 || ledger.Delivered == 0)
            return text;
        TimeSpan left = TimeSpan.FromSeconds(Math.Max(0, (total - ledger.Delivered) / rate));
        return $"{text}, {Math.Min(100, 100 * ledger.Delivered / total)} %, {(int)left.TotalHours:0}:{left.Minutes:00}:{left.Seconds:00} left";
    }
}
