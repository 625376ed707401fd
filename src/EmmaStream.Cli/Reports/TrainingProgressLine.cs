#if TORCH
using System.Globalization;
using EmmaStream.Training.Running;

namespace EmmaStream.Cli.Reports;

/// <summary>Tells how far a training is: one line that is rewritten on a terminal, else a line every half minute.</summary>
internal sealed class TrainingProgressLine(TextWriter output, bool terminal, TimeProvider clock) : IProgress<TrainingProgress>, IDisposable
{
    private readonly TimeSpan _interval = terminal ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(30);
    private long _last = clock.GetTimestamp();
    private int _shown;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (clock.GetElapsedTime(_last) < _interval)
            return;
        _last = clock.GetTimestamp();
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{value.Phase} ({value.Number} of {value.Phases}): step {value.Step} of {value.Steps}, {(double.IsNaN(value.Loss) ? "" : string.Create(CultureInfo.InvariantCulture, $"loss {value.Loss:0.0000}, "))}{value.PerStep.TotalMilliseconds:0} ms a step, {value.Remaining:h\\:mm\\:ss} left");
        if (terminal)
            output.Write($"\r{text.PadRight(_shown)}");
        else
            output.WriteLine(text);
        _shown = text.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (terminal && _shown > 0)
            output.Write($"\r{new string(' ', _shown)}\r");
    }
}
#endif
