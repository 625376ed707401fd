using EmmaStream.Metrics.Reports;

namespace EmmaStream.Cli.Reports;

/// <summary>The comparison table on a terminal, and one line for whatever was left out.</summary>
internal static class EvaluationSummary
{
    private const int Named = 10;

    public static void Write(TextWriter output, EvaluationReport report, bool terminal)
    {
        // Bold and underlined on a terminal; in text, marks behind the number would move the columns.
        Func<string, Rank, string>? decorate = terminal ? (text, rank) => rank switch { Rank.Best => $"\e[1m{text}\e[0m", Rank.Second => $"\e[4m{text}\e[0m", _ => text } : null;
        foreach (string line in ComparisonTable.Of(report).ToLines(decorate))
            output.WriteLine(line);
        output.WriteLine($"{report.Items.Count} measured in {report.Elapsed.TotalSeconds:0.0} s{(terminal && report.Methods.Count > 1 ? "; best bold, second underlined" : "")}");
        foreach (string note in report.Notes)
            output.WriteLine(note);
    }

    /// <summary>What was not measured, one line for each kind.</summary>
    public static IEnumerable<string> Losses(EvaluationReport report)
    {
        if (report.Unpaired.Count > 0)
            yield return $"{report.Unpaired.Count} left out for want of a partner: {List(report.Unpaired.Select(u => $"{u.Name} (not in {string.Join(", ", u.MissingIn)})"))}";
        if (report.Skipped.Count > 0)
            yield return $"{report.Skipped.Count} skipped: {List(report.Skipped.Select(s => s.Line))}";
    }

    private static string List(IEnumerable<string> items)
    {
        List<string> all = [.. items];
        return string.Join("; ", all.Take(Named)) + (all.Count > Named ? $"; and {all.Count - Named} more (all are in --report)" : "");
    }
}
