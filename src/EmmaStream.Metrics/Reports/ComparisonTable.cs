using System.Globalization;
using System.Text;

namespace EmmaStream.Metrics.Reports;

/// <summary>A cell's place in its column.</summary>
public enum Rank
{
    /// <summary>Neither best nor second.</summary>
    None,

    /// <summary>Best; in print bold.</summary>
    Best,

    /// <summary>Second; in print underlined.</summary>
    Second,
}

/// <summary>One figure of the table.</summary>
/// <param name="Text">As printed: rounded, or "-" where there is none.</param>
/// <param name="Value">The mean, which may be infinite; null where there is none.</param>
/// <param name="Rank">Its place; always <see cref="Rank.None"/> with a single method.</param>
public sealed record TableCell(string Text, double? Value, Rank Rank);

/// <summary>The field's usual table: a row for each method, a column for each metric, best and second marked.</summary>
/// <param name="Columns">Metrics.</param>
/// <param name="Rows">Method names.</param>
/// <param name="Cells">By row, then column.</param>
public sealed record ComparisonTable(IReadOnlyList<Metric> Columns, IReadOnlyList<string> Rows, IReadOnlyList<IReadOnlyList<TableCell>> Cells)
{
    /// <summary>The table of a report's means; metrics of <paramref name="kind"/> only, or all.</summary>
    public static ComparisonTable Of(EvaluationReport report, MetricKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        List<Metric> columns = [.. report.Metrics.Where(m => kind is null || m.Kind == kind)];
        List<IReadOnlyList<TableCell>> cells = [];
        foreach (MethodReport method in report.Methods)
            cells.Add([.. columns.Select(metric => Cell(report, metric, method))]);
        return new(columns, [.. report.Methods.Select(m => m.Name)], cells);
    }

    /// <summary>
    /// The table as aligned lines. Figures pass through <paramref name="decorate"/> after padding, so that colour codes do not disturb the
    /// columns; without it the best has a star behind it and the second an apostrophe.
    /// </summary>
    public IReadOnlyList<string> ToLines(Func<string, Rank, string>? decorate = null)
    {
        bool marks = decorate is null;
        decorate ??= static (text, _) => text;
        int first = Math.Max("method".Length, Rows.Select(r => r.Length).DefaultIfEmpty(0).Max());
        int[] widths = [.. Columns.Select((m, c) => Math.Max(Heading(m).Length, Cells.Max(row => Marked(row[c], marks).Length)))];
        StringBuilder line = new("method".PadRight(first));
        for (int c = 0; c < Columns.Count; c++)
            line.Append("  ").Append(Heading(Columns[c]).PadLeft(widths[c]));
        List<string> lines = [line.ToString()];
        for (int r = 0; r < Rows.Count; r++)
        {
            line.Clear().Append(Rows[r].PadRight(first));
            for (int c = 0; c < Columns.Count; c++)
            {
                string text = Marked(Cells[r][c], marks);
                line.Append("  ").Append(' ', widths[c] - text.Length).Append(decorate(text, Cells[r][c].Rank));
            }
            lines.Add(line.ToString().TrimEnd());
        }
        return lines;
    }

    private static string Heading(Metric metric) => $"{metric.Name}{metric.Arrow}";

    private static string Marked(TableCell cell, bool marks) => marks && cell.Rank != Rank.None ? cell.Text + (cell.Rank == Rank.Best ? '*' : '\'') : cell.Text + (marks ? " " : "");

    private static TableCell Cell(EvaluationReport report, Metric metric, MethodReport method)
    {
        double? value = MeanOf(method, metric);
        string text = value is { } v ? Print(metric, v) : Summary(method, metric) is { NonFinite: > 0 } ? Print(metric, double.NaN) : "-";
        return new(text, value, value is { } mean ? RankOf(report, metric, mean) : Rank.None);
    }

    /// <summary>A value with the metric's decimals; NaN and infinities by name.</summary>
    public static string Print(Metric metric, double value)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return double.IsFinite(value) ? value.ToString("F" + metric.Decimals, CultureInfo.InvariantCulture) : value switch
        {
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "-∞",
            _ => "NaN",
        };
    }

    // Places count distinct means: all that share the best one are best.
    private static Rank RankOf(EvaluationReport report, Metric metric, double mean)
    {
        if (report.Methods.Count < 2)
            return Rank.None;
        int better = report.Methods.Select(m => MeanOf(m, metric)).OfType<double>().Select(Digits).Distinct().Count(v => metric.IsBetter(v, Digits(mean)));
        return better switch { 0 => Rank.Best, 1 => Rank.Second, _ => Rank.None };
    }

    // Means that differ by the order of additions only are the same.
    private static double Digits(double mean) => double.Parse(mean.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // Infinite where all values are: the PSNR of a method that gives back its source.
    private static double? MeanOf(MethodReport method, Metric metric) => Summary(method, metric)?.Mean is { } mean && !double.IsNaN(mean) ? mean : null;

    private static MetricSummary? Summary(MethodReport method, Metric metric) => method.Summaries.FirstOrDefault(s => s.Metric == metric);
}
