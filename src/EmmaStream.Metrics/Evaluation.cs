using EmmaStream.Core.Faults;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
using EmmaStream.Metrics.Running;

namespace EmmaStream.Metrics;

/// <summary>
/// The one entry to evaluation: checks the options, measures pictures or videos, writes the reports asked for. Outputs are checked before the
/// first picture is read and written after the last, whole or not at all.
/// </summary>
public static class Evaluation
{
    /// <summary>Evaluates.</summary>
    /// <param name="options">What to evaluate.</param>
    /// <param name="progress">Told at most ten times a second, from any thread; null: nobody.</param>
    /// <param name="cancellationToken">Ends the run; nothing is written then.</param>
    /// <param name="clock">For rates and the report's date; null: the system's.</param>
    /// <returns>What was found. Pictures that could not be measured are in <see cref="EvaluationReport.Skipped"/>.</returns>
    /// <exception cref="Fault">Options are wrong, an input cannot be opened, nothing could be measured, or an output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<EvaluationReport> RunAsync(
        EvaluationOptions options, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        foreach (string path in new[] { options.Json, options.Csv }.OfType<string>())
            ReportFile.Check(path);
        InfraredRegistration? registration = options.Registration is null ? null : InfraredRegistration.Read(options.Registration);
        EvaluationReport report = await FolderEvaluation.RunAsync(options, registration, progress, clock ?? TimeProvider.System, cancellationToken).ConfigureAwait(false);
        Write(report, options);
        return report;
    }

    private static void Write(EvaluationReport report, EvaluationOptions options)
    {
        if (options.Json is not null)
            ReportFile.Write(options.Json, stream => JsonReport.Write(report, stream));
        if (options.Csv is not null)
        {
            ReportFile.Write(options.Csv, stream =>
            {
                using StreamWriter writer = new(stream);
                CsvReport.Write(report, writer);
            });
        }
    }
}
