using EmmaStream.Metrics;

namespace EmmaStream.Cli.Reports;

/// <summary>Tells how far an evaluation is.</summary>
internal sealed class EvaluationProgressLine(TextWriter output, bool terminal, TimeProvider clock) : IProgress<EvaluationProgress>, IDisposable
{
    private readonly StatusLine _line = new(output, terminal, clock, rewritten: TimeSpan.FromMilliseconds(250), repeated: TimeSpan.FromSeconds(5));

    /// <inheritdoc/>
    public void Report(EvaluationProgress value) => _line.Offer(() =>
    {
        string total = value.Total is { } t ? $" of {t}" : "";
        string left = value.Total is { } all && value.PerSecond > 0 ? $", {TimeSpan.FromSeconds((all - value.Done) / value.PerSecond):h\\:mm\\:ss} left" : "";
        return $"{value.Done}{total} measured, {value.PerSecond:0.0} a second{left}";
    });

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
