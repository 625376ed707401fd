using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration.Reference;

/// <summary>What an option may be, in a few words.</summary>
internal static class OptionNotes
{
    /// <summary>Such as <c>integer, 1 to 64</c>, <c>one of a, b, or auto</c>, <c>list of text</c>.</summary>
    public static string Of(OptionProperty property, object? standard)
        => property.IsRequired && standard is null ? $"{Of(property.Shape)}, required" : Of(property.Shape);

    private static string Of(OptionShape shape) => shape switch
    {
        ValueShape value => Of(value),
        ListShape list => $"list of {Of(list.Item)}",
        NamedShape { Names.Pattern: not null } named => $"entries by name ({named.Names.PatternMeaning ?? named.Names.Pattern})",
        NamedShape => "entries by name",
        _ => "section",
    };

    private static string Of(ValueShape value)
    {
        OptionConstraint held = value.Constraint;
        string type = held.Choices.Count > 0 ? $"one of {string.Join(", ", held.Choices)}" : held.PatternMeaning ?? value.Converter.TypeName;
        string range = held.RangeText(value.Converter) is { } bounds ? $", {bounds}" : "";
        return $"{type}{range}{(value.AllowsAuto ? ", or auto" : "")}";
    }
}
