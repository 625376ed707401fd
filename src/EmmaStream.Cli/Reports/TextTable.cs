namespace EmmaStream.Cli.Reports;

/// <summary>A table for terminals and files: never wrapped, the first column to the left, figures to the right.</summary>
internal static class TextTable
{
    /// <summary>Its lines: headings, then a line for each row.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. headings.Select((h, c) => rows.Select(r => r[c].Length).Append(h.Length).Max())];
        return rows.Prepend(headings).Select(row => string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
    }
}
