using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sources;
using EmmaStream.Metrics.Html;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
using EmmaStream.Metrics.Temporal;

namespace EmmaStream.Metrics.Running;

/// <summary>Measures videos: frame n of each belongs together. One reader feeds several measuring threads; the result does not depend on their number.</summary>
internal static class VideoEvaluation
{
    public static async Task<EvaluationReport> RunAsync(
        EvaluationOptions options, InfraredRegistration? registration, FramePictures? pictures, IProgress<EvaluationProgress>? progress,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        using FramePool pool = new();
        await using FrameSetReader reader = await FrameSetReader.OpenAsync(options, registration, pictures, pool, clock, cancellationToken).ConfigureAwait(false);
        ProgressMeter meter = new(progress, reader.ExpectedFrames, clock);
        VideoMeasurement measurement = new(options);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(reader.WindowsAsync(cancellationToken), parallel, (window, _) =>
        {
            measurement.Measure(window);
            meter.Finished($"frame {window.Frame.Number}");
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        (List<ItemReport> items, int[] fullRange) = measurement.Results();
        if (items.Count == 0)
            throw reader.Broken ?? reader.NothingMeasured();
        EvaluationReport report = ReportSummary.Summarise(EvaluationKind.Video, options, items, fullRange);
        return report with
        {
            Notes = [.. reader.Notes, .. report.Notes],
            Skipped = reader.Broken is null ? [] : [new(reader.BrokenSource!, null, reader.Broken.Message) { NamesFile = true }],
            IsComplete = reader.Broken is null,
            Elapsed = meter.Elapsed,
            CreatedUtc = clock.GetUtcNow(),
        };
    }
}
