using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EmmaStream.Configuration.Converters;

/// <summary>The members of an enum in kebab-case: <c>PictureInPicture</c> is <c>picture-in-picture</c>.</summary>
internal sealed class EnumConverter : ConfigurationConverter
{
    private readonly Dictionary<string, object> _values;

    public EnumConverter(Type type)
        : base(type, "choice", $"one of {string.Join(", ", Enum.GetNames(type).Select(NameOf))}", null)
        => _values = Enum.GetNames(type).ToDictionary(NameOf, name => Enum.Parse(type, name), StringComparer.Ordinal);

    internal override IReadOnlyList<string> Choices => [.. _values.Keys];

    /// <summary>The text of a member.</summary>
    public static string NameOf(string member) => JsonNamingPolicy.KebabCaseLower.ConvertName(member);

    internal override bool TryParse(string text, [NotNullWhen(true)] out object? value) => _values.TryGetValue(text, out value);

    internal override string Format(object value) => NameOf(value.ToString()!);
}
