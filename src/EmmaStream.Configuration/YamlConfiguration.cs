using System.Text;
using EmmaStream.Configuration.Binding;
using EmmaStream.Configuration.Shapes;
using EmmaStream.Configuration.Yaml;

namespace EmmaStream.Configuration;

/// <summary>
/// Reads one YAML file into an immutable options record and reports all that is wrong with it at once.
/// <list type="bullet">
/// <item>Keys are the camelCase of property names; what the file leaves out keeps the default of the record.</item>
/// <item>Sections are records, <c>{NAME: ...}</c> are <see cref="IReadOnlyDictionary{TKey, TValue}"/> by string, lists <see cref="IReadOnlyList{T}"/>;
/// a nullable number, duration, enum or size is also <c>auto</c> (null).</item>
/// <item><c>[Range]</c>, <c>[AllowedValues]</c> and <c>[RegularExpression]</c> (on a dictionary: of its names) hold single values.</item>
/// <item>A record that checks several values together has a method <c>IEnumerable&lt;string&gt; Problems(string path)</c>, public or internal; every
/// sentence it yields begins with the path. It is found by its shape, so that options records need no reference to this project.</item>
/// </list>
/// </summary>
public static class YamlConfiguration
{
    /// <summary>Reads a file. Relative paths in <c>${file:path}</c> start from its folder.</summary>
    /// <typeparam name="T">The root options record.</typeparam>
    /// <param name="path">The file, at most <see cref="ConfigurationSettings.MaxBytes"/> of UTF-8.</param>
    /// <param name="settings">Null: <see cref="ConfigurationSettings.Standard"/>.</param>
    /// <returns>The options or all problems; a file that cannot be read is a problem too.</returns>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no options record that can be read (a defect of ours).</exception>
    public static ConfigurationResult<T> Load<T>(string path, ConfigurationSettings? settings = null)
        where T : class
    {
        settings ??= ConfigurationSettings.Standard;
        (string? text, string? why) = ReadText(path, settings.MaxBytes);
        return text is null
            ? new ConfigurationResult<T>(null, [new ConfigurationProblem(path, 0, "", why!)])
            : Read<T>(text, path, Path.GetDirectoryName(Path.GetFullPath(path)), settings);
    }

    /// <summary>Reads text. Relative paths in <c>${file:path}</c> start from the working folder.</summary>
    /// <typeparam name="T">The root options record.</typeparam>
    /// <param name="text">YAML.</param>
    /// <param name="origin">The name for it in problems.</param>
    /// <param name="settings">Null: <see cref="ConfigurationSettings.Standard"/>.</param>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no options record that can be read (a defect of ours).</exception>
    public static ConfigurationResult<T> Parse<T>(string text, string origin, ConfigurationSettings? settings = null)
        where T : class
        => Read<T>(text, origin, null, settings ?? ConfigurationSettings.Standard);

    private static ConfigurationResult<T> Read<T>(string text, string origin, string? folder, ConfigurationSettings settings)
        where T : class
    {
        RecordShape root = ShapeReader.Read(typeof(T), settings.Converters);
        ProblemLog problems = new(origin);
        object? bound = null;
        if (YamlReader.TryRead(text, settings, problems, out YamlValue? value))
            bound = OptionsBinder.Bind(root, value, new Substitution(settings, folder, problems), problems);
        IReadOnlyList<ConfigurationProblem> all = problems.ByLine();
        return new ConfigurationResult<T>(all.Count == 0 ? (T?)bound : null, all);
    }

    private static (string? Text, string? Why) ReadText(string path, int maxBytes)
    {
        try
        {
            byte[]? bytes = BoundedFile.TryRead(path, maxBytes);
            if (bytes is null)
                return (null, $"is larger than {maxBytes} bytes, which no configuration is; name the YAML file");
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return (text.TrimStart('\uFEFF'), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, "is not UTF-8 text; name the YAML file, saved as UTF-8");
        }
        catch (Exception e) when (BoundedFile.IsReadFailure(e))
        {
            return (null, $"cannot be read: {BoundedFile.Reason(e)}; name a file that exists and may be read");
        }
    }
}
