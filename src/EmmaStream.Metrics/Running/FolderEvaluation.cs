using System.Collections.Concurrent;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Running;

/// <summary>Measures folders of pictures: pairs in parallel, each on one thread. The result does not depend on the number of threads.</summary>
internal static class FolderEvaluation
{
    public static async Task<EvaluationReport> RunAsync(
        EvaluationOptions options, InfraredRegistration? registration, IProgress<EvaluationProgress>? progress, TimeProvider clock, CancellationToken cancellationToken)
    {
        PicturePairs pairs = PicturePairs.Find(options);
        (string Name, ItemFiles Files)[] chosen = [.. pairs.Pairs.Where((_, i) => i % options.Every == 0)];
        PairMeasurement.Outcome[] outcomes = new PairMeasurement.Outcome[chosen.Length];
        ProgressMeter meter = new(progress, chosen.Length, clock);
        using FramePool pool = new();
        ConcurrentBag<PairMeasurement> idle = [];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, chosen.Length), parallel, (i, _) =>
        {
            if (!idle.TryTake(out PairMeasurement? measurement))
                measurement = new PairMeasurement(options, registration, pool);
            outcomes[i] = measurement.Measure(chosen[i].Name, chosen[i].Files);
            idle.Add(measurement);
            meter.Finished(chosen[i].Name);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        EvaluationReport report = Collect(options, pairs, outcomes);
        string[] notes = GrayPlaneReader.NarrowedNote(idle.Sum(m => m.NarrowedPictures)) is { } narrowed ? [narrowed] : [];
        return report with { Notes = [.. report.Notes, .. notes], Elapsed = meter.Elapsed, CreatedUtc = clock.GetUtcNow() };
    }

    private static EvaluationReport Collect(EvaluationOptions options, PicturePairs pairs, PairMeasurement.Outcome[] outcomes)
    {
        List<ItemReport> items = [];
        int[] fullRange = new int[options.Fused.Count];
        foreach (PairMeasurement.Outcome outcome in outcomes)
        {
            if (outcome.Item is not null)
                items.Add(outcome.Item);
            for (int m = 0; m < fullRange.Length; m++)
                fullRange[m] += outcome.FullRange[m] ? 1 : 0;
        }
        List<SkippedItem> skipped = [.. pairs.Ambiguous, .. outcomes.SelectMany(o => o.Skipped)];
        if (items.Count == 0)
            throw Fault.Input($"none of {Counted.Of(outcomes.Length, "pair")} could be measured; the first: {outcomes.SelectMany(o => o.Skipped).First().Line}");
        EvaluationReport report = ReportSummary.Summarise(EvaluationKind.Images, options, items, fullRange);
        return report with { Unpaired = [.. pairs.Unpaired], Skipped = skipped };
    }
}
