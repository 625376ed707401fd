using System.Text;
using EmmaStream.Configuration.Converters;
using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration.Reference;

/// <summary>Reference tables: a heading for each section, a row for each option.</summary>
internal sealed class MarkdownReference(DocumentationComments comments)
{
    private readonly StringBuilder _text = new();

    /// <summary>The page; <paramref name="heading"/> is Markdown that stands before the tables.</summary>
    public string Write(RecordShape root, string heading)
    {
        _text.Append(heading.TrimEnd()).Append('\n');
        Section(root, root.New(), "");
        return _text.ToString();
    }

    private void Section(RecordShape section, object defaults, string path)
    {
        OptionProperty[] rows = [.. section.Properties.Where(p => Entries(p.Shape) is null)];
        if (rows.Length > 0)
            _text.Append("\n| option | what it may be | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (OptionProperty row in rows)
        {
            string standard = FlowText.Of(row.Shape, row.Property.GetValue(defaults));
            _text.Append($"| `{row.Key}` | {Cell(OptionNotes.Of(row, row.Property.GetValue(defaults)))} | {(standard.Length == 0 ? "" : $"`{Cell(standard)}`")} | {Cell(comments.Of(row.Property) + Choices(row.Shape))} |\n");
        }
        foreach (OptionProperty property in section.Properties)
        {
            if (Entries(property.Shape) is not (var inner, var suffix))
                continue;
            string at = (path.Length == 0 ? property.Key : $"{path}.{property.Key}") + suffix;
            object? value = property.Shape is RecordShape ? property.Property.GetValue(defaults) : null;
            string absent = property.Shape is RecordShape && value is null && !property.IsRequired ? " Absent unless the file has it." : "";
            _text.Append($"\n## `{at}`\n\n{comments.Of(property.Property)}{absent}\n");
            Section(inner, value ?? inner.New(), at);
        }
    }

    /// <summary>The record inside, and what its path has behind the option's name; null for values.</summary>
    private static (RecordShape Inner, string Suffix)? Entries(OptionShape shape) => shape switch
    {
        RecordShape record => (record, ""),
        ListShape { Item: RecordShape item } => (item, "[]"),
        NamedShape { Item: RecordShape item } => (item, ".NAME"),
        _ => null,
    };

    private string Choices(OptionShape shape)
        => shape is ValueShape { Converter: EnumConverter converter }
            ? " " + string.Join(" ", Enum.GetNames(converter.ValueType).Select(member => $"`{EnumConverter.NameOf(member)}`: {comments.Of(converter.ValueType, member)}"))
            : "";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
