#if TORCH
using System.Globalization;
using EmmaStream.Training.Running;

namespace EmmaStream.Cli.Reports;

/// <summary>Tells how far a training is.</summary>
internal sealed class TrainingProgressLine(TextWriter output, bool terminal, TimeProvider clock) : IProgress<TrainingProgress>, IDisposable
{
    private readonly StatusLine _line = new(output, terminal, clock, rewritten: TimeSpan.FromMilliseconds(250), repeated: TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    public void Report(TrainingProgress value) => _line.Offer(() => string.Create(CultureInfo.InvariantCulture,
        $"{value.Phase} ({value.Number} of {value.Phases}): step {value.Step} of {value.Steps}, {(double.IsNaN(value.Loss) ? "" : string.Create(CultureInfo.InvariantCulture, $"loss {value.Loss:0.0000}, "))}{value.PerStep.TotalMilliseconds:0} ms a step, {value.Remaining:h\\:mm\\:ss} left"));

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
#endif
