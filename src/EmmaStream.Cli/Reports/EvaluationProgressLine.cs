using EmmaStream.Metrics;

namespace EmmaStream.Cli.Reports;

/// <summary>Tells how far an evaluation is: one line that is rewritten on a terminal, else a line every few seconds.</summary>
internal sealed class EvaluationProgressLine(TextWriter output, bool terminal, TimeProvider clock) : IProgress<EvaluationProgress>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = terminal ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(5);
    private long _last = clock.GetTimestamp();
    private int _shown;

    /// <inheritdoc/>
    public void Report(EvaluationProgress value)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_last) < _interval)
                return;
            _last = clock.GetTimestamp();
            string total = value.Total is { } t ? $" of {t}" : "";
            string left = value.Total is { } all && value.PerSecond > 0 ? $", {TimeSpan.FromSeconds((all - value.Done) / value.PerSecond):h\\:mm\\:ss} left" : "";
            string text = $"{value.Done}{total} measured, {value.PerSecond:0.0} a second{left}";
            if (terminal)
                output.Write($"\r{text.PadRight(_shown)}");
            else
                output.WriteLine(text);
            _shown = text.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (terminal && _shown > 0)
                output.Write($"\r{new string(' ', _shown)}\r");
        }
    }
}
