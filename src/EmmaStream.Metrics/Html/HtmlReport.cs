using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using EmmaStream.Core.Faults;
using EmmaStream.Metrics.Plots;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Html;

/// <summary>
/// Writes a report as one page that opens without a network: index.html with its style and script inside, pictures and plots beside it. Names
/// are escaped wherever they appear; the page forbids itself every other source.
/// </summary>
internal static class HtmlReport
{
    private const string NoFont = "Plots were left out: no font is installed, and they would have no text. Install one (Debian: fonts-dejavu-core) and evaluate again.";

    /// <summary>Writes page and plots into <paramref name="folder"/>; without a font the page says that plots were left out, and why.</summary>
    /// <exception cref="Fault">Something cannot be written.</exception>
    public static void Write(EvaluationReport report, IReadOnlyDictionary<ItemReport, ItemPictures> pictures, ReportFolder folder, string? font)
    {
        if (font is null)
            report = report with { Notes = [.. report.Notes, NoFont] };
        folder.Try(() =>
        {
            string plots = font is null ? "" : Plots(report, folder, font);
            File.WriteAllText(folder["index.html"], Page(report, pictures, plots));
        });
    }

    private static string Page(EvaluationReport report, IReadOnlyDictionary<ItemReport, ItemPictures> pictures, string plots)
    {
        (string Slot, string Content)[] parts =
        [
            ("{{style}}", Resource("report.css")), ("{{script}}", Resource("report.js")), ("{{title}}", Escape(Title(report))),
            ("{{facts}}", Facts(report)), ("{{notes}}", Notes(report)), ("{{legend}}", Legend(report)), ("{{tables}}", HtmlTables.Comparison(report)), ("{{plots}}", plots),
            ("{{problems}}", HtmlTables.Problems(report)), ("{{glossary}}", HtmlTables.Glossary(report)), ("{{data}}", PageData.Json(report, pictures)),
        ];
        StringBuilder page = new();
        ReadOnlySpan<char> rest = Resource("report.html");
        // Slots are filled in one pass over the template, so that a name that looks like a slot stays a name.
        while (rest.IndexOf("{{") is >= 0 and int at)
        {
            page.Append(rest[..at]);
            rest = rest[at..];
            string slot = rest[..(rest.IndexOf("}}") + 2)].ToString();
            page.Append(parts.First(p => p.Slot == slot).Content);
            rest = rest[slot.Length..];
        }
        return page.Append(rest).ToString();
    }

    private static string Title(EvaluationReport report) => $"Fusion quality: {string.Join(", ", report.Methods.Select(m => m.Name))}";

    private static string Legend(EvaluationReport report) =>
        report.Methods.Count > 1 ? "Arrows show which way is better. <b>Bold</b> is best, <u>underlined</u> second." : "Arrows show which way is better.";

    private static string Facts(EvaluationReport report)
    {
        string items = report.Kind == EvaluationKind.Video ? "frames" : "pairs";
        List<(string Value, string Label)> facts =
        [
            (Number(report.Items.Count), items), (Number(report.Methods.Count), report.Methods.Count == 1 ? "method" : "methods"),
            (Number(report.Metrics.Count), "metrics"),
        ];
        if (report.Every > 1)
            facts.Add(($"1 in {report.Every}", "measured"));
        if (report.Skipped.Count > 0)
            facts.Add((Number(report.Skipped.Count), "skipped"));
        if (report.Unpaired.Count > 0)
            facts.Add((Number(report.Unpaired.Count), "unpaired"));
        StringBuilder html = new();
        foreach ((string value, string label) in facts)
            html.Append(CultureInfo.InvariantCulture, $"<li><b>{Escape(value)}</b> {Escape(label)}</li>");
        html.Append(CultureInfo.InvariantCulture, $"<li class=\"when\">{report.CreatedUtc.UtcDateTime:yyyy-MM-dd HH:mm} UTC</li>");
        return html.ToString();
    }

    private static string Notes(EvaluationReport report)
    {
        if (report.Notes.Count == 0)
            return "";
        StringBuilder html = new("<aside class=\"notes\" aria-label=\"Notes\"><ul>");
        foreach (string note in report.Notes)
            html.Append(CultureInfo.InvariantCulture, $"<li>{Escape(note)}</li>");
        return html.Append("</ul></aside>").ToString();
    }

    private static string Plots(EvaluationReport report, ReportFolder folder, string font)
    {
        StringBuilder html = new();
        if (report.Kind == EvaluationKind.Video)
        {
            html.Append("<h3>Over time</h3><div class=\"plots\">");
            IEnumerable<Metric> temporalFirst = report.Metrics.OrderBy(m => m.Kind == MetricKind.Temporal ? 0 : 1);
            foreach (Metric metric in temporalFirst)
                html.Append(Figure(metric, "time", "over time", folder, theme => ReportPlots.OverTime(report, metric, theme, font)));
            html.Append("</div>");
        }
        html.Append("<h3>Distribution</h3><p class=\"hint\">A dot is one " + (report.Kind == EvaluationKind.Video ? "frame" : "picture") + ", the thick bar the middle half, the upright line the mean.</p><div class=\"plots\">");
        foreach (Metric metric in report.Metrics)
            html.Append(Figure(metric, "spread", "distribution", folder, theme => ReportPlots.Distribution(report, metric, theme, font)));
        return html.Append("</div>").ToString();
    }

    private static string Figure(Metric metric, string kind, string what, ReportFolder folder, Func<PlotTheme, byte[]?> draw)
    {
        string name = $"plots/{metric.Name.ToLowerInvariant()}-{kind}";
        foreach (PlotTheme theme in new[] { PlotTheme.Light, PlotTheme.Dark })
        {
            if (draw(theme) is not { } png)
                return "";
            File.WriteAllBytes(folder[$"{name}-{theme.Name}.png"], png);
        }
        return $"<figure><figcaption>{Escape(metric.Name)} <span class=\"arrow\">{metric.Arrow}</span> <span class=\"quiet\">{Escape(metric.Title)}</span></figcaption>"
            + $"<picture><source srcset=\"{name}-dark.png\" media=\"(prefers-color-scheme: dark)\"><img src=\"{name}-light.png\" loading=\"lazy\" alt=\"{Escape(metric.Name)}: {what}\"></picture></figure>";
    }

    /// <summary>Text made safe for content and attributes.</summary>
    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    internal static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"resource {name} is missing");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
