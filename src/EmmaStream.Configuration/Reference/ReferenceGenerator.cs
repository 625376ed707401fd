using EmmaStream.Configuration.Converters;
using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration.Reference;

/// <summary>
/// Makes the reference of a configuration file from its options records: names, types, defaults and bounds from the code, meanings from the
/// documentation comments (the XML files next to the assemblies). Equal records give equal text.
/// </summary>
/// <remarks>All methods throw <see cref="InvalidOperationException"/> for an option without a documentation comment.</remarks>
public static class ReferenceGenerator
{
    /// <summary>
    /// A YAML file with every option. Read as it is, and with the <c>#</c> removed from every line that begins with <c>#name</c>, it gives the defaults.
    /// </summary>
    /// <typeparam name="T">The root options record.</typeparam>
    /// <param name="heading">What the file is, one or more lines.</param>
    /// <param name="schemaFile">Path of the schema from the file's folder, for editors; null: none.</param>
    /// <param name="converters">Null: <see cref="ConfigurationConverters.Standard"/>.</param>
    public static string Yaml<T>(string heading, string? schemaFile = null, ConfigurationConverters? converters = null)
        where T : class
        => new YamlReference(new DocumentationComments()).Write(Shape<T>(converters), heading, schemaFile);

    /// <summary>A JSON schema (draft 7) that lets through what <see cref="YamlConfiguration"/> reads; bounds of durations and sizes it does not know.</summary>
    /// <typeparam name="T">The root options record.</typeparam>
    /// <param name="title">What the file is, in a few words.</param>
    /// <param name="converters">Null: <see cref="ConfigurationConverters.Standard"/>.</param>
    public static string JsonSchema<T>(string title, ConfigurationConverters? converters = null)
        where T : class
        => new JsonSchemaReference(new DocumentationComments()).Write(Shape<T>(converters), title);

    /// <summary>A Markdown page with a table for each section.</summary>
    /// <typeparam name="T">The root options record.</typeparam>
    /// <param name="heading">Markdown that stands before the tables.</param>
    /// <param name="converters">Null: <see cref="ConfigurationConverters.Standard"/>.</param>
    public static string Markdown<T>(string heading, ConfigurationConverters? converters = null)
        where T : class
        => new MarkdownReference(new DocumentationComments()).Write(Shape<T>(converters), heading);

    private static RecordShape Shape<T>(ConfigurationConverters? converters)
        => ShapeReader.Read(typeof(T), converters ?? ConfigurationConverters.Standard);
}
