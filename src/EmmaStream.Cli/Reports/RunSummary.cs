namespace EmmaStream.Cli.Reports;

/// <summary>The few lines that a run ends with.</summary>
internal static class RunSummary
{
    public static void Write(TextWriter output, RunReport report)
    {
        foreach (SinkCounts sink in report.Sinks)
            output.WriteLine(sink.OutputPath is { } path ? $"{path}: {sink.Written} frames" : $"{sink.Name}: {sink.Written} frames written, nothing kept");
        string reasons = report.Master.Reasons.Count == 0 ? "" : $" ({string.Join(", ", report.Master.Reasons.Select(r => $"{r.Value} {r.Key}"))})";
        output.WriteLine(
            $"{report.Master.In} visible frames in: {report.Master.Fused} fused, {report.Master.Passed} passed alone, {report.Master.Dropped} dropped, {report.Master.Failed} failed{reasons}");
        output.WriteLine(
            $"{report.Partner.In} infrared frames in: {report.Partner.Used} used, {report.Partner.Unused} unused; skew p50 {report.SkewMs.P50} ms, p95 {report.SkewMs.P95} ms, max {report.SkewMs.Max} ms");
        output.WriteLine($"{report.Settings.Fuser}: {report.FramesPerSecond} fps, {report.Ms["total"] / 1000:0.0} s");
    }
}
