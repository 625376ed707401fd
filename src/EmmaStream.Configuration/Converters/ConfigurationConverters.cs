using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EmmaStream.Configuration.Converters;

/// <summary>The types of values that options may have. Immutable: a program adds its own types to <see cref="Standard"/>.</summary>
public sealed class ConfigurationConverters
{
    private readonly Dictionary<Type, ConfigurationConverter> _byType;

    private ConfigurationConverters(IEnumerable<ConfigurationConverter> converters)
        => _byType = converters.ToDictionary(c => c.ValueType);

    /// <summary>bool, int, long, double, string and TimeSpan; enums need none.</summary>
    public static ConfigurationConverters Standard { get; } = new(
    [
        new ConfigurationConverter<bool>(ValueKind.Boolean, "true or false", "true or false", TryParseBoolean, b => b ? "true" : "false"),
        new ConfigurationConverter<int>(ValueKind.Integer, "integer", "a whole number",
            (string t, out int v) => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out v),
            v => v.ToString(CultureInfo.InvariantCulture)),
        new ConfigurationConverter<long>(ValueKind.Integer, "integer", "a whole number",
            (string t, out long v) => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out v),
            v => v.ToString(CultureInfo.InvariantCulture)),
        new ConfigurationConverter<double>(ValueKind.Number, "number", "a number", TryParseNumber, v => v.ToString("R", CultureInfo.InvariantCulture)),
        new ConfigurationConverter<string>("text", "text", null, (string t, [MaybeNullWhen(false)] out string v) => { v = t; return true; }, v => v),
        new ConfigurationConverter<TimeSpan>(
            "duration", "a duration such as 20ms, 5s, 2m or 1h", DurationText.Pattern, DurationText.TryParse, DurationText.Format),
    ]);

    /// <summary>These and one more; it replaces one of the same type.</summary>
    public ConfigurationConverters With(ConfigurationConverter converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return new(_byType.Values.Where(c => c.ValueType != converter.ValueType).Append(converter));
    }

    /// <summary>These and a type written as <c>640x480</c>: width x height, each 1 to 65535.</summary>
    /// <typeparam name="T">The type of sizes.</typeparam>
    /// <param name="make">Width and height to size.</param>
    /// <param name="parts">Size to width and height.</param>
    public ConfigurationConverters WithSize<T>(Func<int, int, T> make, Func<T, (int Width, int Height)> parts)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(parts);
        return With(new ConfigurationConverter<T>(
            "size", "a size such as 640x480", "[1-9][0-9]{0,4}x[1-9][0-9]{0,4}",
            (string text, [MaybeNullWhen(false)] out T value) =>
            {
                bool known = TryParseSize(text, out int width, out int height);
                value = known ? make(width, height) : default;
                return known;
            },
            value => string.Create(CultureInfo.InvariantCulture, $"{parts(value).Width}x{parts(value).Height}")));
    }

    /// <summary>The converter of a type; null where there is none.</summary>
    internal ConfigurationConverter? TryFind(Type type)
        => _byType.TryGetValue(type, out ConfigurationConverter? known) ? known : type.IsEnum ? new EnumConverter(type) : null;

    private static bool TryParseBoolean(string text, out bool value)
    {
        value = text == "true";
        return value || text == "false";
    }

    private static bool TryParseNumber(string text, out double value)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static bool TryParseSize(string text, out int width, out int height)
    {
        height = 0;
        int x = text.IndexOf('x', StringComparison.Ordinal);
        return TryParseSide(x < 0 ? "" : text[..x], out width) && TryParseSide(text[(x + 1)..], out height);
    }

    private static bool TryParseSide(string text, out int side)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is > 0 and <= ushort.MaxValue && text[0] != '0';
}
