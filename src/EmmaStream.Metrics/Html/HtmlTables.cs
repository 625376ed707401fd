using System.Globalization;
using System.Text;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Html;

/// <summary>The report page's tables: the comparison (a wide form, and one that fits a phone), what was skipped, what the metrics mean.</summary>
internal static class HtmlTables
{
    private const int MostListed = 500;

    public static string Comparison(EvaluationReport report)
    {
        StringBuilder html = new();
        foreach ((MetricKind? kind, string caption) in Parts(report))
        {
            ComparisonTable table = ComparisonTable.Of(report, kind);
            if (table.Columns.Count == 0)
                continue;
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll wide\" tabindex=\"0\" role=\"region\" aria-label=\"{HtmlReport.Escape(caption)}\">{Wide(table, caption, report)}</div>");
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll narrow\" tabindex=\"0\" role=\"region\" aria-label=\"{HtmlReport.Escape(caption)}\">{Narrow(table, caption)}</div>");
        }
        return html.ToString();
    }

    public static string Problems(EvaluationReport report)
    {
        StringBuilder html = new();
        if (report.Skipped.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<details><summary>Skipped: {HtmlReport.Number(report.Skipped.Count)}</summary><ul class=\"problems\">");
            foreach (SkippedItem skipped in report.Skipped.Take(MostListed))
                html.Append(CultureInfo.InvariantCulture, $"<li>{HtmlReport.Escape(skipped.Line)}</li>");
            html.Append(More(report.Skipped.Count)).Append("</ul></details>");
        }
        if (report.Unpaired.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<details><summary>Unpaired names: {HtmlReport.Number(report.Unpaired.Count)}</summary><ul class=\"problems\">");
            foreach (UnpairedName unpaired in report.Unpaired.Take(MostListed))
                html.Append(CultureInfo.InvariantCulture, $"<li><b>{HtmlReport.Escape(unpaired.Name)}</b>: missing in {HtmlReport.Escape(string.Join(", ", unpaired.MissingIn))}</li>");
            html.Append(More(report.Unpaired.Count)).Append("</ul></details>");
        }
        return html.ToString();
    }

    public static string Glossary(EvaluationReport report)
    {
        StringBuilder html = new("<dl>");
        foreach (Metric metric in report.Metrics)
        {
            string direction = metric.Better == Better.Higher ? "higher is better" : "lower is better";
            string unit = metric.Unit.Length == 0 ? "" : $", in {metric.Unit}";
            html.Append(CultureInfo.InvariantCulture, $"<div><dt>{HtmlReport.Escape(metric.Name)} <span class=\"arrow\">{metric.Arrow}</span></dt><dd>{HtmlReport.Escape(metric.Title)}{HtmlReport.Escape(unit)}; {direction}</dd></div>");
        }
        return html.Append("</dl>").ToString();
    }

    private static IEnumerable<(MetricKind? Kind, string Caption)> Parts(EvaluationReport report)
    {
        string items = report.Kind == EvaluationKind.Video ? "frames" : "pictures";
        yield return (MetricKind.Image, $"Mean over {items}");
        yield return (MetricKind.Temporal, "From frame to frame");
    }

    private static string Wide(ComparisonTable table, string caption, EvaluationReport report)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<table><caption>{HtmlReport.Escape(caption)}</caption><thead><tr><th scope=\"col\">Method</th>");
        foreach (Metric metric in table.Columns)
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" title=\"{HtmlReport.Escape(metric.Title)}\">{Heading(metric)}</th>");
        html.Append("</tr></thead><tbody>");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\" title=\"{HtmlReport.Escape(report.Methods[r].Path)}\"><i class=\"key k{r % 8}\"></i>{HtmlReport.Escape(table.Rows[r])}</th>");
            foreach (TableCell cell in table.Cells[r])
                html.Append(Cell(cell));
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }

    private static string Narrow(ComparisonTable table, string caption)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<table><caption>{HtmlReport.Escape(caption)}</caption><thead><tr><th scope=\"col\">Metric</th>");
        for (int r = 0; r < table.Rows.Count; r++)
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"><i class=\"key k{r % 8}\"></i>{HtmlReport.Escape(table.Rows[r])}</th>");
        html.Append("</tr></thead><tbody>");
        for (int c = 0; c < table.Columns.Count; c++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Heading(table.Columns[c])}</th>");
            for (int r = 0; r < table.Rows.Count; r++)
                html.Append(Cell(table.Cells[r][c]));
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }

    private static string Heading(Metric metric)
    {
        string direction = metric.Better == Better.Higher ? "higher is better" : "lower is better";
        return $"{HtmlReport.Escape(metric.Name)}<span class=\"arrow\" role=\"img\" aria-label=\"{direction}\">{metric.Arrow}</span>";
    }

    private static string Cell(TableCell cell) => cell.Rank switch
    {
        Rank.Best => $"<td class=\"best\"><b>{cell.Text}</b></td>",
        Rank.Second => $"<td class=\"second\"><u>{cell.Text}</u></td>",
        _ => $"<td>{cell.Text}</td>",
    };

    private static string More(int count) => count > MostListed ? $"<li>and {HtmlReport.Number(count - MostListed)} more: see the JSON report</li>" : "";
}
