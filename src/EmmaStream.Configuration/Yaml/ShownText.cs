using System.Text.RegularExpressions;

namespace EmmaStream.Configuration.Yaml;

/// <summary>Makes what a file holds fit to be shown in a problem: one line, not too long, without the password of a URL.</summary>
internal static partial class ShownText
{
    private const int Longest = 60;

    /// <summary>In quotes.</summary>
    public static string Of(string text)
    {
        string line = Line(text);
        return $"'{(line.Length > Longest ? line[..Longest] + "..." : line)}'";
    }

    /// <summary>Without quotes, of any length.</summary>
    public static string Line(string text)
        => string.Concat(UserInfo().Replace(text, "://***@").Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));

    [GeneratedRegex(@"://[^/\s]*@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();
}
