using System.Globalization;
using System.Text;

namespace EmmaStream.Metrics.Reports;

/// <summary>
/// The report as CSV (RFC 4180, UTF-8): a row "image" for each picture or frame and method with every value in full, then for each method rows
/// "mean", "finite" (values the mean is over) and "nonFinite". An absent value is an empty field; the others are NaN, Infinity, -Infinity.
/// </summary>
public static class CsvReport
{
    /// <summary>Writes it.</summary>
    public static void Write(EvaluationReport report, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        Row(writer, ["row", "name", "method", "seconds", "width", "height", .. report.Metrics.Select(m => m.Name)]);
        foreach (ItemReport item in report.Items)
        {
            for (int m = 0; m < report.Methods.Count; m++)
            {
                if (item.Scores[m] is not { } scores)
                    continue;
                string seconds = item.Seconds is { } s ? Number(s) : "";
                Row(writer, ["image", item.Name, report.Methods[m].Name, seconds, Number(item.Width), Number(item.Height),
                    .. report.Metrics.Select(metric => scores[metric] is { } v ? Number(v) : "")]);
            }
        }
        foreach (MethodReport method in report.Methods)
        {
            Summary(writer, method, "mean", s => s.Finite > 0 ? Number(s.Mean) : "");
            Summary(writer, method, "finite", s => Number(s.Finite));
            Summary(writer, method, "nonFinite", s => Number(s.NonFinite));
        }
    }

    private static void Summary(TextWriter writer, MethodReport method, string kind, Func<MetricSummary, string> value) =>
        Row(writer, [kind, "", method.Name, "", "", "", .. method.Summaries.Select(value)]);

    private static void Row(TextWriter writer, IReadOnlyList<string> fields)
    {
        StringBuilder line = new();
        for (int i = 0; i < fields.Count; i++)
            line.Append(i == 0 ? "" : ",").Append(Quoted(fields[i]));
        writer.Write(line.Append("\r\n").ToString());
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
