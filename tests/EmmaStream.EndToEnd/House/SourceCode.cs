using System.Text;

namespace EmmaStream.EndToEnd.House;

/// <summary>C# as the rules of the house read it.</summary>
internal static class SourceCode
{
    /// <summary>The text with comments, strings and characters blanked out, line for line.</summary>
    public static string CodeOnly(string text)
    {
        StringBuilder code = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int end = EndOfText(text, at);
            if (end == at)
            {
                code.Append(text[at++]);
                continue;
            }
            for (; at < end; at++)
                code.Append(text[at] == '\n' ? '\n' : ' ');
        }
        return code.ToString();
    }

    /// <summary>The arguments of the call whose opening parenthesis is at <paramref name="open"/>, in code without texts.</summary>
    public static IReadOnlyList<string> Arguments(string code, int open)
    {
        List<string> arguments = [];
        int depth = 0, start = open + 1;
        for (int at = open; at < code.Length; at++)
        {
            char c = code[at];
            if (c is '(' or '[' or '{')
                depth++;
            else if (c is ')' or ']' or '}')
                depth--;
            if ((depth == 1 && c == ',') || depth == 0)
            {
                arguments.Add(code[start..at].Trim());
                start = at + 1;
            }
            if (depth == 0)
                break;
        }
        return arguments;
    }

    /// <summary>Where the comment, string or character ends that begins here; the place itself where none does.</summary>
    private static int EndOfText(string text, int at)
    {
        if (Begins(text, at, "//"))
            return IndexOrEnd(text, "\n", at, 0);
        if (Begins(text, at, "/*"))
            return IndexOrEnd(text, "*/", at + 2, 2);
        if (text[at] == '\'')
            return EndOfQuoted(text, at + 1, '\'');
        int quote = at;
        while (quote < text.Length && text[quote] is '$' or '@')
            quote++;
        if (quote >= text.Length || text[quote] != '"')
            return at;
        int quotes = quote;
        while (quotes < text.Length && text[quotes] == '"')
            quotes++;
        if (quotes - quote >= 3)
            return IndexOrEnd(text, new string('"', quotes - quote), quotes, quotes - quote);
        return text.IndexOf('@', at, quote - at) >= 0 ? EndOfVerbatim(text, quote + 1) : EndOfQuoted(text, quote + 1, '"');
    }

    private static int EndOfQuoted(string text, int at, char quote)
    {
        for (; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == quote)
                return at + 1;
        }
        return Math.Min(at, text.Length);
    }

    private static int EndOfVerbatim(string text, int at)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] != '"')
                continue;
            if (at + 1 < text.Length && text[at + 1] == '"')
                at++;
            else
                return at + 1;
        }
        return text.Length;
    }

    private static int IndexOrEnd(string text, string end, int from, int length)
    {
        int found = from > text.Length ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + length;
    }

    private static bool Begins(string text, int at, string with) => string.CompareOrdinal(text, at, with, 0, with.Length) == 0;
}
