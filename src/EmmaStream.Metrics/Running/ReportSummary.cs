using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Running;

/// <summary>Turns measured items into a report: means over what every method has, and the notes that a reader needs.</summary>
internal static class ReportSummary
{
    public static EvaluationReport Summarise(EvaluationKind kind, EvaluationOptions options, List<ItemReport> items, int[] fullRange)
    {
        List<Metric> metrics = [.. MetricCatalog.Standard];
        if (options.LinfengTang)
            metrics.AddRange(MetricCatalog.LinfengTang);
        if (kind == EvaluationKind.Video)
            metrics.AddRange(MetricCatalog.Video.Where(m => options.Motion || !m.NeedsMotion));
        List<ItemReport> common = [.. items.Where(item => item.HasEveryMethod)];
        List<string> notes = [];
        bool comparable = common.Count > 0;
        if (!comparable)
            notes.Add("No picture was measured for every method: each mean is over other pictures, so the rows cannot be compared.");
        else if (common.Count < items.Count)
            notes.Add($"Means are over the {common.Count} of {items.Count} pictures that every method has.");
        List<MethodReport> methods = [];
        for (int m = 0; m < options.Fused.Count; m++)
        {
            int method = m;
            List<Scores> scores = [.. (comparable ? common : items).Select(i => i.Scores[method]).OfType<Scores>()];
            FusedInput input = options.Fused[m];
            methods.Add(new(input.Method, input.Path, scores.Count, fullRange[m], [.. metrics.Select(metric => MetricSummary.Of(metric, scores.Select(s => s[metric])))]));
        }
        notes.AddRange(methods.SelectMany(method => Notes(method, items.Count(i => i.Scores[methods.IndexOf(method)] is not null), kind)));
        return new()
        {
            Kind = kind, Infrared = options.Infrared, Visible = options.Visible, Registration = options.Registration, Every = options.Every,
            Metrics = metrics, Methods = methods, Items = items, Notes = notes,
        };
    }

    private static IEnumerable<string> Notes(MethodReport method, int measured, EvaluationKind kind)
    {
        string pictures = kind == EvaluationKind.Video ? "frames" : "pictures";
        if (measured > 1 && method.FullRange == measured)
            yield return $"{method.Name}: all {measured} {pictures} span 0 to 255, as stretched ones do; stretching alone raises SD, SF, AG, SCD and Qabf.";
        foreach (MetricSummary summary in method.Summaries)
        {
            if (summary.NonFinite > 0)
                yield return $"{method.Name}: {summary.Metric} is not finite on {summary.NonFinite} of {method.Items} {pictures}{(summary.Finite > 0 ? "; its mean leaves them out" : "")}.";
            if (summary.Absent > 0 && summary.Metric.Kind == MetricKind.Image)
                yield return $"{method.Name}: {summary.Metric} was refused on {summary.Absent} of {method.Items} {pictures}: smaller than {summary.Metric.MinimumSide}x{summary.Metric.MinimumSide}.";
        }
    }
}
