using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmmaStream.Configuration.Converters;
using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration.Reference;

/// <summary>A JSON schema (draft 7, which editors read) of a configuration file. What holds <c>${}</c> is let through everywhere.</summary>
internal sealed class JsonSchemaReference(DocumentationComments comments)
{
    private const string Substituted = @"\$\{[^}]+\}";

    /// <summary>The schema, indented, with a newline at its end.</summary>
    public string Write(RecordShape root, string title)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            json.WriteString("title", title);
            Section(json, root, root.New(), isNew: true);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <param name="json">Inside the object of the section.</param>
    /// <param name="section">What it holds.</param>
    /// <param name="defaults">A record with the defaults.</param>
    /// <param name="isNew">The record has no default of its own, so what is required must be given.</param>
    private void Section(Utf8JsonWriter json, RecordShape section, object defaults, bool isNew)
    {
        Types(json, "object", "null");
        json.WriteBoolean("additionalProperties", false);
        string[] required = [.. section.Properties.Where(p => isNew && p.IsRequired).Select(p => p.Key)];
        if (required.Length > 0)
            Texts(json, "required", required);
        json.WriteStartObject("properties");
        foreach (OptionProperty property in section.Properties)
        {
            json.WriteStartObject(property.Key);
            json.WriteString("description", comments.Of(property.Property).Replace("`", "", StringComparison.Ordinal));
            Shape(json, property.Shape, property.Property.GetValue(defaults), property.AllowsNull);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void Shape(Utf8JsonWriter json, OptionShape shape, object? value, bool allowsNull)
    {
        switch (shape)
        {
            case ValueShape single:
                Value(json, single, allowsNull);
                if (value is not null || single.AllowsAuto)
                    Default(json, single, value);
                break;
            case ListShape list:
                Types(json, "array", "null");
                json.WriteStartObject("items");
                Shape(json, list.Item, null, allowsNull: false);
                json.WriteEndObject();
                break;
            case NamedShape named:
                Types(json, "object", "null");
                if (named.Names.Pattern is not null)
                {
                    json.WriteStartObject("propertyNames");
                    json.WriteString("pattern", $"^({named.Names.Pattern})$");
                    json.WriteEndObject();
                }
                json.WriteStartObject("additionalProperties");
                Shape(json, named.Item, null, allowsNull: false);
                json.WriteEndObject();
                break;
            case RecordShape section:
                Section(json, section, value ?? section.New(), value is null);
                break;
        }
    }

    private static void Value(Utf8JsonWriter json, ValueShape value, bool allowsNull)
    {
        OptionConstraint held = value.Constraint;
        string? pattern = held.Pattern ?? value.Converter.Pattern;
        string auto = value.AllowsAuto ? "^auto$|" : "";
        List<string> types = value.Converter.Kind switch
        {
            ValueKind.Boolean => ["boolean", "string"],
            ValueKind.Integer => ["integer", "string"],
            ValueKind.Number => ["number", "string"],
            // A text such as 1 needs no quotes for our reader; other readers of YAML take it for a number.
            _ when held.Choices.Count == 0 && (pattern is null || Regex.IsMatch("1", $"^({pattern})$")) => ["string", "number", "boolean"],
            _ => ["string"],
        };
        if (allowsNull)
            types.Add("null");
        Types(json, [.. types]);
        if (held.Choices.Count > 0)
        {
            json.WriteStartArray("anyOf");
            json.WriteStartObject();
            Texts(json, "enum", value.AllowsAuto ? [.. held.Choices, "auto"] : [.. held.Choices]);
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteString("pattern", Substituted);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else if (pattern is not null)
        {
            json.WriteString("pattern", $"{auto}^({pattern})$|{Substituted}");
        }
        else if (value.Converter.Kind != ValueKind.Text)
        {
            json.WriteString("pattern", auto + Substituted);
        }
        if (value.Converter.Kind is ValueKind.Integer or ValueKind.Number)
        {
            Bound(json, "minimum", held.Minimum, value.Converter);
            Bound(json, "maximum", held.Maximum, value.Converter);
        }
    }

    private static void Bound(Utf8JsonWriter json, string name, IComparable? bound, ConfigurationConverter converter)
    {
        if (bound is null)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(converter.Format(bound));
    }

    private static void Default(Utf8JsonWriter json, ValueShape shape, object? value)
    {
        json.WritePropertyName("default");
        string text = value is null ? "auto" : shape.Converter.Format(value);
        if (value is null || shape.Converter.Kind == ValueKind.Text)
            json.WriteStringValue(text);
        else
            json.WriteRawValue(text);
    }

    private static void Types(Utf8JsonWriter json, params string[] types)
    {
        if (types.Length == 1)
            json.WriteString("type", types[0]);
        else
            Texts(json, "type", types);
    }

    private static void Texts(Utf8JsonWriter json, string name, string[] texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
