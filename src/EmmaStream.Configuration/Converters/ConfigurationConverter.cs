using System.Diagnostics.CodeAnalysis;

namespace EmmaStream.Configuration.Converters;

/// <summary>How values of one type are written in a configuration file: text to value, value to text, and what the schema says.</summary>
public abstract class ConfigurationConverter
{
    private protected ConfigurationConverter(Type valueType, string typeName, string expected, string? pattern)
    {
        ValueType = valueType;
        TypeName = typeName;
        Expected = expected;
        Pattern = pattern;
    }

    /// <summary>The type of the values.</summary>
    public Type ValueType { get; }

    /// <summary>One or two words for reference tables, such as <c>duration</c>.</summary>
    public string TypeName { get; }

    /// <summary>What a user should write, such as <c>a duration such as 20ms, 5s, 2m or 1h</c>.</summary>
    public string Expected { get; }

    /// <summary>Regular expression (ECMAScript, without anchors) of the texts, for the JSON schema; null: any text, or see <see cref="Kind"/>.</summary>
    public string? Pattern { get; }

    /// <summary>How JSON and YAML write the value without quotes.</summary>
    internal virtual ValueKind Kind => ValueKind.Text;

    /// <summary>All texts there are, where they are few (enums); else empty.</summary>
    internal virtual IReadOnlyList<string> Choices => [];

    /// <summary>Text to value; false where the text is none. Throws for no text.</summary>
    internal abstract bool TryParse(string text, [NotNullWhen(true)] out object? value);

    /// <summary>Value to the text that gives it back.</summary>
    internal abstract string Format(object value);
}

/// <summary>How JSON and YAML write a value without quotes.</summary>
internal enum ValueKind
{
    Text,
    Boolean,
    Integer,
    Number,
}

/// <summary>Text to value: false where the text is none; throws for no text.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="text">As in the file, <c>${}</c> resolved.</param>
/// <param name="value">What it means.</param>
public delegate bool OptionParser<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>A converter made of two functions; what a caller adds for a type of its own.</summary>
/// <typeparam name="T">The type of the values: any but a nullable.</typeparam>
/// <param name="typeName">One or two words for reference tables.</param>
/// <param name="expected">What a user should write, with an article and an example.</param>
/// <param name="pattern">Regular expression of the texts for the JSON schema, without anchors; null: any text.</param>
/// <param name="tryParse">Text to value.</param>
/// <param name="format">Value to text; <paramref name="tryParse"/> must give the value back.</param>
public sealed class ConfigurationConverter<T>(
    string typeName, string expected, string? pattern, OptionParser<T> tryParse, Func<T, string> format)
    : ConfigurationConverter(typeof(T), typeName, expected, pattern)
    where T : notnull
{
    private readonly ValueKind _kind;

    internal ConfigurationConverter(ValueKind kind, string typeName, string expected, OptionParser<T> tryParse, Func<T, string> format)
        : this(typeName, expected, null, tryParse, format)
        => _kind = kind;

    /// <inheritdoc/>
    internal override ValueKind Kind => _kind;

    /// <inheritdoc/>
    internal override bool TryParse(string text, [NotNullWhen(true)] out object? value)
    {
        bool known = tryParse(text, out T? parsed);
        value = known ? parsed : null;
        return known;
    }

    /// <inheritdoc/>
    internal override string Format(object value) => format((T)value);
}
