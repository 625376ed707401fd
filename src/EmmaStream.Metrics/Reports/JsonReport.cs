using System.Text.Json;

namespace EmmaStream.Metrics.Reports;

/// <summary>
/// The report as JSON, schema "emmastream/evaluation/1" (docs/METRICS.md). NaN and infinities are the strings "NaN", "Infinity", "-Infinity";
/// an absent value is null.
/// </summary>
public static class JsonReport
{
    /// <summary>The schema's name and version.</summary>
    public const string Schema = "emmastream/evaluation/1";

    /// <summary>Writes it, indented.</summary>
    public static void Write(EvaluationReport report, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(report);
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("kind", report.Kind == EvaluationKind.Video ? "video" : "images");
        json.WriteString("createdUtc", report.CreatedUtc);
        json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
        json.WriteString("infrared", report.Infrared);
        json.WriteString("visible", report.Visible);
        json.WriteString("registration", report.Registration);
        json.WriteNumber("every", report.Every);
        json.WriteBoolean("complete", report.IsComplete);
        Metrics(json, report);
        Methods(json, report);
        Items(json, report);
        Problems(json, report);
        json.WriteEndObject();
    }

    /// <summary>Writes a number, or its name where JSON has none for it.</summary>
    internal static void Number(Utf8JsonWriter json, double? value)
    {
        if (value is not { } number)
            json.WriteNullValue();
        else if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }

    private static void Metrics(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartArray("metrics");
        foreach (Metric metric in report.Metrics)
        {
            json.WriteStartObject();
            json.WriteString("name", metric.Name);
            json.WriteString("title", metric.Title);
            json.WriteString("better", metric.Better == Better.Higher ? "higher" : "lower");
            json.WriteString("unit", metric.Unit);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Methods(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartArray("methods");
        foreach (MethodReport method in report.Methods)
        {
            json.WriteStartObject();
            json.WriteString("name", method.Name);
            json.WriteString("path", method.Path);
            json.WriteNumber("items", method.Items);
            json.WriteNumber("fullRange", method.FullRange);
            json.WriteStartObject("summary");
            foreach (MetricSummary summary in method.Summaries)
                Summary(json, summary);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Summary(Utf8JsonWriter json, MetricSummary summary)
    {
        json.WriteStartObject(summary.Metric.Name);
        (string Name, double Value)[] values =
            [("mean", summary.Mean), ("deviation", summary.Deviation), ("minimum", summary.Minimum), ("median", summary.Median), ("maximum", summary.Maximum)];
        foreach ((string name, double value) in values)
        {
            json.WritePropertyName(name);
            Number(json, summary.Finite > 0 ? value : null);
        }
        json.WriteNumber("finite", summary.Finite);
        json.WriteNumber("nonFinite", summary.NonFinite);
        json.WriteNumber("absent", summary.Absent);
        json.WriteEndObject();
    }

    private static void Items(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartArray("items");
        foreach (ItemReport item in report.Items)
        {
            json.WriteStartObject();
            json.WriteString("name", item.Name);
            if (item.Seconds is { } seconds)
                json.WriteNumber("seconds", seconds);
            json.WriteNumber("width", item.Width);
            json.WriteNumber("height", item.Height);
            json.WriteStartObject("scores");
            for (int m = 0; m < report.Methods.Count; m++)
            {
                if (item.Scores[m] is not { } scores)
                    continue;
                json.WriteStartObject(report.Methods[m].Name);
                foreach (Metric metric in report.Metrics)
                {
                    json.WritePropertyName(metric.Name);
                    Number(json, scores[metric]);
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Problems(Utf8JsonWriter json, EvaluationReport report)
    {
        json.WriteStartArray("unpaired");
        foreach (UnpairedName unpaired in report.Unpaired)
        {
            json.WriteStartObject();
            json.WriteString("name", unpaired.Name);
            json.WriteStartArray("missingIn");
            foreach (string side in unpaired.MissingIn)
                json.WriteStringValue(side);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("skipped");
        foreach (SkippedItem skipped in report.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("name", skipped.Name);
            json.WriteString("method", skipped.Method);
            json.WriteString("reason", skipped.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (string note in report.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
    }
}
