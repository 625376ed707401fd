using EmmaStream.Core.Faults;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics;

/// <summary>Everything was measured, and then some report could not be written. What was found is here, so that the work is not lost.</summary>
/// <param name="report">What was found.</param>
/// <param name="causes">One for each report that was not written.</param>
public sealed class ReportsNotWritten(EvaluationReport report, IReadOnlyList<Fault> causes) : Fault(FaultKind.Output, string.Join("; ", causes.Select(c => c.Message)), causes[0])
{
    /// <summary>What was found.</summary>
    public EvaluationReport Report { get; } = report;
}
