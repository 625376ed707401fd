using System.Text;
using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration.Reference;

/// <summary>
/// A YAML file with every option. <c># </c> begins prose and examples; <c>#key: value</c> is an option with its default, which removing the
/// <c>#</c> leaves as it is; the keys of sections stand uncommented, since a section with nothing in it is one of defaults.
/// </summary>
/// <param name="comments">What the options mean.</param>
/// <param name="isExample">The lines will stand in an example: it takes effect when its signs are removed, so what is required stands ready.</param>
internal sealed class YamlReference(DocumentationComments comments, bool isExample = false)
{
    private const int Width = 110;
    private readonly List<string> _lines = [];

    /// <summary>The file.</summary>
    public string Write(RecordShape root, string heading, string? schemaFile)
    {
        if (schemaFile is not null)
            _lines.Add($"# yaml-language-server: $schema={schemaFile}");
        Prose(0, heading);
        Prose(0, "Every option with its default: remove the # before a name to set it. Lines with # and a space explain.");
        Options(root, root.New(), 0);
        return string.Join('\n', _lines) + '\n';
    }

    private void Options(RecordShape record, object defaults, int indent)
    {
        foreach (OptionProperty property in record.Properties)
        {
            bool section = property.Shape is not ValueShape and not ListShape { Item: ValueShape };
            if (indent == 0 || section)
                Blank();
            Prose(indent, section ? comments.Of(property.Property) : $"{comments.Of(property.Property)} [{OptionNotes.Of(property, property.Property.GetValue(defaults))}]");
            Option(property, property.Property.GetValue(defaults), indent);
        }
    }

    private void Option(OptionProperty property, object? value, int indent)
    {
        switch (property.Shape)
        {
            case ValueShape or ListShape { Item: ValueShape } when property.IsRequired && value is null:
                Add(indent, $"{(isExample ? "" : "# ")}{property.Key}: REQUIRED");
                break;
            case RecordShape section when value is not null || (isExample && property.IsRequired):
                Add(indent, $"{property.Key}:");
                Options(section, value ?? section.New(), indent + 2);
                break;
            case RecordShape section:
                Example(indent, $"{property.Key}:", section);
                break;
            case NamedShape { Item: RecordShape entry } named when value is null || !NamedShape.EntriesOf(value).Any():
                Add(indent, $"{property.Key}:");
                Prose(indent + 2, named.Names.Pattern is null ? "One entry each:" : $"One entry each; its name: {named.Names.PatternMeaning ?? named.Names.Pattern}.");
                Example(indent + 2, "NAME:", entry);
                break;
            case ListShape { Item: RecordShape item } when value is null || !ListShape.ItemsOf(value).Any():
                Add(indent, $"{property.Key}:");
                Prose(indent + 2, "One entry each:");
                Example(indent + 2, "-", item);
                break;
            default:
                Add(indent, $"#{property.Key}: {FlowText.Of(property.Shape, value)}".TrimEnd());
                break;
        }
    }

    /// <summary>A section that is absent by default: all of it behind <c># </c>, with its own comments inside.</summary>
    private void Example(int indent, string head, RecordShape section)
    {
        YamlReference inner = new(comments, isExample: true);
        inner.Options(section, section.New(), 2);
        Add(indent, $"# {head}");
        foreach (string line in inner._lines)
            Add(indent, $"# {line}".TrimEnd());
    }

    private void Prose(int indent, string text)
    {
        foreach (string paragraph in text.Replace("`", "", StringComparison.Ordinal).Split('\n'))
        {
            StringBuilder line = new();
            foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > Width - indent)
                {
                    Add(indent, $"# {line}");
                    line.Clear();
                }
                line.Append(line.Length == 0 ? "" : " ").Append(word);
            }
            Add(indent, $"# {line}".TrimEnd());
        }
    }

    private void Blank()
    {
        if (_lines.Count > 0 && _lines[^1].Length > 0 && !_lines[^1].EndsWith(':'))
            _lines.Add("");
    }

    private void Add(int indent, string text) => _lines.Add(new string(' ', indent) + text);
}
