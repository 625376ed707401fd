using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Files;
using EmmaStream.Metrics.Html;
using EmmaStream.Metrics.Plots;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
using EmmaStream.Metrics.Running;
using SkiaSharp;

namespace EmmaStream.Metrics;

/// <summary>
/// The one entry to evaluation: checks the options, measures pictures or videos, writes the reports asked for. Outputs are checked before the
/// first picture is read, by trying, and written after the last, each whole or not at all.
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
    /// <exception cref="ReportsNotWritten">All was measured, but a report could not be written; the others were.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<EvaluationReport> RunAsync(
        EvaluationOptions options, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        PathClashes.Refuse(
            [new("--ir", options.Infrared), new("--vi", options.Visible), .. options.Fused.Select(f => new NamedPath($"--fused {f.Method}", f.Path)), new("--registration", options.Registration)],
            [new("--report", options.Json), new("--csv", options.Csv), new("--html", options.Html)]);
        bool isVideo = InputKinds.Of(options) == InputKind.Video;
        foreach (string path in new[] { options.Json, options.Csv }.OfType<string>())
            CompleteFile.Require(path);
        using InfraredRegistration? registration = options.Registration is null ? null : InfraredRegistration.Read(options.Registration);
        using ReportFolder? html = options.Html is null ? null : ReportFolder.Begin(options.Html);
        using FramePool pool = new();
        FramePictures? frames = isVideo && html is not null ? new FramePictures(html, pool, options.HtmlPictures) : null;
        EvaluationReport report = isVideo
            ? await VideoEvaluation.RunAsync(options, registration, frames, progress, clock ?? TimeProvider.System, cancellationToken).ConfigureAwait(false)
            : await FolderEvaluation.RunAsync(options, registration, progress, clock ?? TimeProvider.System, cancellationToken).ConfigureAwait(false);
        List<Fault> failures = [];
        if (html is not null)
            Try(failures, () => html.Try(() => WriteHtml(report, frames?.For(report) ?? PairPictures.Copy(report, html, options.HtmlPictures, registration, cancellationToken), html)));
        if (options.Json is not null)
            Try(failures, () => CompleteFile.Write(options.Json, stream => JsonReport.Write(report, stream)));
        if (options.Csv is not null)
            Try(failures, () => WriteCsv(report, options.Csv));
        if (failures.Count > 0)
            throw new ReportsNotWritten(report, failures);
        return report;
    }

    private static void WriteHtml(EvaluationReport report, IReadOnlyDictionary<ItemReport, ItemPictures> pictures, ReportFolder html)
    {
        HtmlReport.Write(report, pictures, html, PlotTheme.FindFont(SKFontManager.Default));
        html.Complete();
    }

    private static void WriteCsv(EvaluationReport report, string path) => CompleteFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        CsvReport.Write(report, writer);
    });

    // One report that cannot be written takes no other with it.
    private static void Try(List<Fault> failures, Action write)
    {
        try
        {
            write();
        }
        catch (Fault fault)
        {
            failures.Add(fault);
        }
    }
}
