namespace EmmaStream.Cli.Reports;

/// <summary>Tells what a bench is at: one line that is rewritten on a terminal, else a line every few seconds.</summary>
internal sealed class BenchProgressLine(TextWriter output, bool terminal, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _last = clock.GetTimestamp();
    private int _shown;

    /// <summary>Shows it, unless the last line is too young.</summary>
    public void Show(string text)
    {
        if (!terminal && clock.GetElapsedTime(_last) < Interval)
            return;
        _last = clock.GetTimestamp();
        if (terminal)
            output.Write($"\r{text.PadRight(_shown)}");
        else
            output.WriteLine(text);
        _shown = text.Length;
    }

    /// <summary>Wipes the line from a terminal.</summary>
    public void Dispose()
    {
        if (terminal && _shown > 0)
            output.Write($"\r{new string(' ', _shown)}\r");
    }
}
