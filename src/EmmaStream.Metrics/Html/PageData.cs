using System.Globalization;
using System.Text;
using System.Text.Json;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Html;

/// <summary>What the page's script reads, as JSON for a script element: the writer's default encoder escapes what could end one.</summary>
internal static class PageData
{
    public static string Json(EvaluationReport report, IReadOnlyDictionary<ItemReport, ItemPictures> pictures)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteBoolean("video", report.Kind == EvaluationKind.Video);
            json.WriteStartArray("metrics");
            foreach (Metric metric in report.Metrics)
            {
                json.WriteStartObject();
                json.WriteString("name", metric.Name);
                json.WriteString("title", metric.Title);
                json.WriteBoolean("up", metric.Better == Better.Higher);
                json.WriteNumber("decimals", metric.Decimals);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("methods");
            foreach (MethodReport method in report.Methods)
                json.WriteStringValue(method.Name);
            json.WriteEndArray();
            json.WriteStartArray("items");
            foreach (ItemReport item in report.Items)
                Item(json, report, item, pictures.GetValueOrDefault(item));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Item(Utf8JsonWriter json, EvaluationReport report, ItemReport item, ItemPictures? pictures)
    {
        json.WriteStartObject();
        json.WriteString("name", item.Seconds is { } s ? $"Frame {item.Name.TrimStart('0').PadLeft(1, '0')} · {s.ToString("F2", CultureInfo.InvariantCulture)} s" : item.Name);
        json.WriteString("size", $"{item.Width} × {item.Height}");
        json.WriteStartArray("scores");
        foreach (Scores? scores in item.Scores)
        {
            if (scores is null)
            {
                json.WriteNullValue();
                continue;
            }
            json.WriteStartArray();
            foreach (Metric metric in report.Metrics)
                JsonReport.Number(json, scores[metric] is { } v && double.IsFinite(v) ? Math.Round(v, 6) : scores[metric]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        if (pictures is not null)
        {
            json.WriteStartArray("pictures");
            foreach (string? picture in pictures.Fused.Prepend(pictures.Visible).Prepend(pictures.Infrared))
                json.WriteStringValue(picture);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
