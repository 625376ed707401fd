namespace EmmaStream.Fusion.Weights;

/// <summary>Text from a file in a message of one line.</summary>
internal static class ForeignText
{
    private const int Longest = 120;

    /// <summary>The text without control characters, cut where it is very long.</summary>
    public static string Shown(this string text)
    {
        string line = new([.. text.Take(Longest).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return text.Length > Longest ? line + "..." : line;
    }
}
