using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EmmaStream.Configuration.Yaml;

namespace EmmaStream.Configuration.Tests.Reference;

/// <summary>The keywords of JSON schema that our schemas use, on YAML values as an editor sees them.</summary>
internal static class SchemaCheck
{
    public static IReadOnlyList<string> Objections(JsonObject schema, string yaml)
    {
        Assert.True(YamlReader.TryRead(yaml, ConfigurationSettings.Standard, new ProblemLog("x"), out YamlValue? value));
        List<string> found = [];
        Check(schema, value, "", found);
        return found;
    }

    private static void Check(JsonObject schema, YamlValue value, string path, List<string> found)
    {
        if (schema["type"] is { } types && !Texts(types).Intersect(TypesOf(value)).Any())
            found.Add($"{path}: type");
        if (schema["anyOf"] is JsonArray any && !any.Any(one => Holds(one!.AsObject(), value)))
            found.Add($"{path}: anyOf");
        if (schema["enum"] is JsonArray choices && !(value is YamlText text && choices.Any(c => (string)c! == text.Text)))
            found.Add($"{path}: enum");
        if (schema["pattern"] is { } pattern && TypesOf(value).SequenceEqual(["string"]) && !Regex.IsMatch(((YamlText)value).Text, (string)pattern!))
            found.Add($"{path}: pattern");
        if (value is YamlText number && TypesOf(value).Contains("number"))
        {
            double v = double.Parse(number.Text, System.Globalization.CultureInfo.InvariantCulture);
            if (schema["minimum"] is { } least && v < (double)least || schema["maximum"] is { } most && v > (double)most)
                found.Add($"{path}: bounds");
        }
        if (value is YamlList list && schema["items"] is JsonObject items)
        {
            foreach (YamlValue item in list.Items)
                Check(items, item, $"{path}[]", found);
        }
        if (value is YamlSection section)
            CheckSection(schema, section, path, found);
    }

    private static void CheckSection(JsonObject schema, YamlSection section, string path, List<string> found)
    {
        foreach (JsonNode? required in schema["required"] as JsonArray ?? [])
        {
            if (section.Entries.All(e => e.Key != (string)required!))
                found.Add($"{path}: required {required}");
        }
        foreach (YamlEntry entry in section.Entries)
        {
            if (schema["propertyNames"]?["pattern"] is { } names && !Regex.IsMatch(entry.Key, (string)names!))
                found.Add($"{path}: name {entry.Key}");
            if (schema["properties"]?[entry.Key] is JsonObject property)
                Check(property, entry.Value, $"{path}.{entry.Key}", found);
            else if (schema["additionalProperties"] is JsonObject other)
                Check(other, entry.Value, $"{path}.{entry.Key}", found);
            else
                found.Add($"{path}: unknown {entry.Key}");
        }
    }

    private static string[] Texts(JsonNode oneOrMore)
        => oneOrMore is JsonArray many ? [.. many.Select(t => (string)t!)] : [(string)oneOrMore!];

    private static bool Holds(JsonObject schema, YamlValue value)
    {
        List<string> found = [];
        Check(schema, value, "", found);
        return found.Count == 0;
    }

    private static string[] TypesOf(YamlValue value) => value switch
    {
        YamlSection => ["object"],
        YamlList => ["array"],
        YamlText { IsNull: true } => ["null"],
        YamlText { IsPlain: true, Text: "true" or "false" } => ["boolean"],
        YamlText { IsPlain: true } t when Regex.IsMatch(t.Text, @"^-?\d+$") => ["integer", "number"],
        YamlText { IsPlain: true } t when Regex.IsMatch(t.Text, @"^-?\d+(\.\d+)?(e-?\d+)?$") => ["number"],
        _ => ["string"],
    };
}
