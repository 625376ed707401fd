using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using EmmaStream.Configuration.Converters;

namespace EmmaStream.Configuration.Shapes;

/// <summary>What single values are held to, from the attributes of .NET on the property.</summary>
internal sealed record OptionConstraint
{
    /// <summary>Anything.</summary>
    public static OptionConstraint None { get; } = new();

    /// <summary>Smallest value, included; null: none.</summary>
    public IComparable? Minimum { get; init; }

    /// <summary>Largest value, included; null: none.</summary>
    public IComparable? Maximum { get; init; }

    /// <summary>All texts there are; empty: any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Regular expression without anchors that the whole text matches; null: any.</summary>
    public string? Pattern { get; init; }

    /// <summary>What the pattern means, in words.</summary>
    public string? PatternMeaning { get; init; }

    /// <summary>Reads <c>[Range]</c> (whose bounds may be texts: <c>[Range(typeof(TimeSpan), "0ms", "1s")]</c>), <c>[AllowedValues]</c> and <c>[RegularExpression]</c>.</summary>
    /// <exception cref="NotSupportedException">An attribute does not fit the type.</exception>
    public static OptionConstraint Of(PropertyInfo property, ConfigurationConverter converter)
    {
        RangeAttribute? range = property.GetCustomAttribute<RangeAttribute>();
        RegularExpressionAttribute? pattern = property.GetCustomAttribute<RegularExpressionAttribute>();
        object?[] allowed = property.GetCustomAttribute<AllowedValuesAttribute>()?.Values ?? [];
        return new OptionConstraint
        {
            Minimum = range is null ? null : Bound(property, converter, range.Minimum, "MinValue"),
            Maximum = range is null ? null : Bound(property, converter, range.Maximum, "MaxValue"),
            Choices = allowed.Length > 0 ? [.. allowed.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)] : converter.Choices,
            Pattern = pattern?.Pattern,
            PatternMeaning = pattern?.ErrorMessage,
        };
    }

    /// <summary>What is wrong with a value, as <c>expected ...</c>; null when nothing is.</summary>
    public string? Objection(string text, object value, ConfigurationConverter converter)
    {
        if (Choices.Count > 0 && !Choices.Contains(text, StringComparer.Ordinal))
            return $"expected one of {string.Join(", ", Choices)}";
        if (Pattern is not null && !Regex.IsMatch(text, $@"\A(?:{Pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))
            return $"expected {PatternMeaning ?? $"text like {Pattern}"}";
        return (Minimum is not null && Minimum.CompareTo(value) > 0) || (Maximum is not null && Maximum.CompareTo(value) < 0)
            ? $"allowed are {RangeText(converter)}"
            : null;
    }

    /// <summary><c>1 to 64</c>, <c>at least 1</c>, <c>at most 64</c>, or null.</summary>
    public string? RangeText(ConfigurationConverter converter) => (Minimum, Maximum) switch
    {
        (null, null) => null,
        ({ } least, null) => $"at least {converter.Format(least)}",
        (null, { } most) => $"at most {converter.Format(most)}",
        ({ } least, { } most) => $"{converter.Format(least)} to {converter.Format(most)}",
    };

    private static IComparable? Bound(PropertyInfo property, ConfigurationConverter converter, object given, string open)
    {
        if (given is string text)
            return converter.TryParse(text, out object? parsed) && parsed is IComparable bound ? bound : throw Unfit(property);
        // A bound at the end of its type says nothing.
        if (given.Equals(given.GetType().GetField(open)?.GetValue(null)) || given is double.PositiveInfinity or double.NegativeInfinity)
            return null;
        return converter.ValueType == typeof(int) || converter.ValueType == typeof(long) || converter.ValueType == typeof(double)
            ? (IComparable)Convert.ChangeType(given, converter.ValueType, CultureInfo.InvariantCulture)
            : throw Unfit(property);
    }

    private static NotSupportedException Unfit(PropertyInfo property)
        => new($"the [Range] of {property.DeclaringType?.Name}.{property.Name} does not fit its type");
}
