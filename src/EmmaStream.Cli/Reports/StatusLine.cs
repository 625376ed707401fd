namespace EmmaStream.Cli.Reports;

/// <summary>What long work is at: one line that is rewritten on a terminal, else a line now and then. Safe for use by several threads.</summary>
/// <param name="output">Where to write.</param>
/// <param name="terminal">Whether it is a terminal.</param>
/// <param name="clock">For the age of the last line.</param>
/// <param name="rewritten">Least time between two lines on a terminal.</param>
/// <param name="repeated">Least time between two lines elsewhere.</param>
internal sealed class StatusLine(TextWriter output, bool terminal, TimeProvider clock, TimeSpan rewritten, TimeSpan repeated) : IDisposable
{
    private readonly Lock _gate = new();
    private long _last = clock.GetTimestamp();
    private int _shown;

    /// <summary>Shows a text, unless the last one is too young.</summary>
    public void Offer(Func<string> text)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_last) < (terminal ? rewritten : repeated))
                return;
            _last = clock.GetTimestamp();
            Show(text());
        }
    }

    /// <summary>Wipes the line from a terminal.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (terminal && _shown > 0)
                output.Write($"\r{new string(' ', _shown)}\r");
        }
    }

    private void Show(string text)
    {
        if (terminal)
            output.Write($"\r{text.PadRight(_shown)}");
        else
            output.WriteLine(text);
        _shown = text.Length;
    }
}
