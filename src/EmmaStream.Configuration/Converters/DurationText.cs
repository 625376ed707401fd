using System.Globalization;

namespace EmmaStream.Configuration.Converters;

/// <summary>Durations as <c>20ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>, <c>7d</c>; also <c>us</c>, negative ones, and <c>0</c> alone.</summary>
public static class DurationText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
        ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
    ];

    private static readonly string[] LargestFirst = ["d", "h", "m", "s", "ms", "us"];

    /// <summary>Regular expression of the texts.</summary>
    public const string Pattern = "0|-?[0-9]+(\\.[0-9]+)?(us|ms|s|m|h|d)";

    /// <summary>Text to duration, to the nearest 100 ns; false without a unit and beyond the range of TimeSpan.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        if (text == "0")
            return true;
        foreach ((string unit, long ticks) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
            if (!decimal.TryParse(text.AsSpan(0, text.Length - unit.Length), Styles, CultureInfo.InvariantCulture, out decimal count)
                || !char.IsAsciiDigit(text[^(unit.Length + 1)]) || text[0] == '+'
                || Math.Abs(count) >= (decimal)long.MaxValue / ticks)
                return false;
            value = new TimeSpan((long)Math.Round(count * ticks, MidpointRounding.AwayFromZero));
            return true;
        }
        return false;
    }

    /// <summary>Duration to text in the largest unit that divides it, so 90 s stay <c>90s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
            return "0s";
        foreach (string unit in LargestFirst)
        {
            long ticks = Array.Find(Units, u => u.Unit == unit).Ticks;
            if (value.Ticks % ticks == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / ticks}{unit}");
        }
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)value.Ticks / TimeSpan.TicksPerMicrosecond}us");
    }
}
