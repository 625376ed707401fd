using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using EmmaStream.Configuration.Converters;
using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration.Reference;

/// <summary>The summaries of options records, from the documentation files that the compiler writes next to their assemblies.</summary>
internal sealed partial class DocumentationComments
{
    private readonly Dictionary<Assembly, Dictionary<string, string>> _summaries = [];

    /// <summary>The summary of an option, code between backticks.</summary>
    public string Of(PropertyInfo property) => Find(property.DeclaringType!, $"P:{IdOf(property.DeclaringType!)}.{property.Name}");

    /// <summary>The summary of a record.</summary>
    public string Of(Type type) => Find(type, $"T:{IdOf(type)}");

    /// <summary>The summary of an enum's member.</summary>
    public string Of(Type type, string member) => Find(type, $"F:{IdOf(type)}.{member}");

    private string Find(Type type, string id)
    {
        if (!_summaries.TryGetValue(type.Assembly, out Dictionary<string, string>? known))
            _summaries[type.Assembly] = known = Load(type.Assembly);
        return known.TryGetValue(id, out string? summary)
            ? summary
            : throw new InvalidOperationException($"{id[2..]} has no summary in {Path.ChangeExtension(type.Assembly.Location, ".xml")}; write one and build with GenerateDocumentationFile");
    }

    private static Dictionary<string, string> Load(Assembly assembly)
    {
        string path = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(path))
            throw new InvalidOperationException($"{path} does not exist; build {assembly.GetName().Name} with GenerateDocumentationFile");
        using XmlReader reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => (string)m.Attribute("name")!, m => Space().Replace(Text(m.Element("summary")!), " ").Trim(), StringComparer.Ordinal);
    }

    private static string Text(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" or "code" } code => $"`{Text(code)}`",
        XElement { Name.LocalName: "see" or "seealso" } see when see.IsEmpty => Reference(see),
        XElement { Name.LocalName: "paramref" or "typeparamref" } name => $"`{(string?)name.Attribute("name")}`",
        XElement other => $" {Text(other)} ",
        _ => "",
    }));

    /// <summary>What a reader of the file knows a thing by: an option by its key, an enum's member by its text.</summary>
    private static string Reference(XElement see)
    {
        string target = (string?)see.Attribute("cref") ?? $"W:{(string?)see.Attribute("langword") ?? (string?)see.Attribute("href")}";
        string name = target.StartsWith("W:", StringComparison.Ordinal) ? target[2..] : target[(target.LastIndexOf('.') + 1)..];
        return target[0] switch
        {
            'P' => $"`{ShapeReader.KeyOf(name)}`",
            'F' => $"`{EnumConverter.NameOf(name)}`",
            _ => name,
        };
    }

    private static string IdOf(Type type) => type.FullName!.Replace('+', '.');

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
