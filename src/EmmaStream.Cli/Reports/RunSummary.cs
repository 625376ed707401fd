using EmmaStream.Core.Faults;

namespace EmmaStream.Cli.Reports;

/// <summary>The few lines that a run ends with.</summary>
internal static class RunSummary
{
    public static void Write(TextWriter output, RunReport report)
    {
        foreach (SinkCounts sink in report.Sinks)
            output.WriteLine(sink.OutputPath is { } path ? $"{path}: {Counted.Of(sink.Written, "frame")}" : $"{sink.Name}: {Counted.Of(sink.Written, "frame")} written, nothing kept");
        string reasons = report.Master.Reasons.Count == 0 ? "" : $" ({string.Join(", ", report.Master.Reasons.Select(r => $"{r.Value} {r.Key}"))})";
        output.WriteLine(
            $"{Counted.Of(report.Master.In, "visible frame")} in: {report.Master.Fused} fused, {report.Master.Passed} passed alone, {report.Master.Dropped} dropped, {report.Master.Failed} failed{reasons}");
        output.WriteLine(
            $"{Counted.Of(report.Partner.In, "infrared frame")} in: {report.Partner.Used} used, {report.Partner.Unused} unused; skew p50 {report.SkewMs.P50} ms, p95 {report.SkewMs.P95} ms, max {report.SkewMs.Max} ms");
        output.WriteLine($"{report.Settings.Fuser}: {report.FramesPerSecond} fps, {report.Ms["total"] / 1000:0.0} s");
    }
}
