using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmmaStream.Configuration.Converters;
using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration.Reference;

/// <summary>Values as YAML writes them in one line.</summary>
internal static partial class FlowText
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text that reading gives back as the same value; empty for the null of what has no <c>auto</c>.</summary>
    public static string Of(OptionShape shape, object? value) => (shape, value) switch
    {
        (ValueShape { AllowsAuto: true }, null) => "auto",
        (_, null) => "",
        (ValueShape single, _) => Quoted(single.Converter, single.Converter.Format(value).Replace("${", "$${", StringComparison.Ordinal)),
        (ListShape list, _) => $"[{string.Join(", ", ListShape.ItemsOf(value).Select(item => Of(list.Item, item)))}]",
        (NamedShape named, _) => $"{{{string.Join(", ", NamedShape.EntriesOf(value).Select(e => $"{e.Key}: {Of(named.Item, e.Value)}"))}}}",
        (RecordShape record, _) => $"{{{string.Join(", ", record.Properties.Select(p => $"{p.Key}: {Of(p.Shape, p.Property.GetValue(value))}"))}}}",
        _ => throw new NotSupportedException(shape.GetType().Name),
    };

    /// <summary>Quoted where YAML, or another reader of it, would take the plain text for something else.</summary>
    private static string Quoted(ConfigurationConverter converter, string text)
    {
        bool plain = Plain().IsMatch(text) && !(converter.Kind == ValueKind.Text && converter.ValueType == typeof(string) && Other().IsMatch(text));
        return plain ? text : JsonSerializer.Serialize(text, Quoting);
    }

    [GeneratedRegex(@"\A-?[A-Za-z0-9/_.](?:[A-Za-z0-9/_.+=@-]|:(?=[A-Za-z0-9/])| (?=[A-Za-z0-9/_.]))*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A(?:true|false|yes|no|on|off|y|n|null|[-.0-9].*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Other();
}
