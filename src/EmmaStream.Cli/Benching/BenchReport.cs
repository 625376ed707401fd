using System.Text.Json;
using EmmaStream.Cli.Reports;

namespace EmmaStream.Cli.Benching;

/// <summary>A column of a table of rows of one kind.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Cell">What a row has in it.</param>
/// <param name="IsWide">Whether a terminal has no room for it.</param>
internal sealed record BenchColumn<T>(string Heading, Func<T, string> Cell, bool IsWide = false);

/// <summary>A table in both its widths.</summary>
/// <param name="Legend">What its columns are: lines of at most 80 characters.</param>
/// <param name="Narrow">Headings and rows for a terminal.</param>
/// <param name="Wide">All columns.</param>
internal sealed record BenchTable(IReadOnlyList<string> Legend, IReadOnlyList<string[]> Narrow, IReadOnlyList<string[]> Wide)
{
    public static BenchTable Of<T>(IReadOnlyList<string> legend, IReadOnlyList<T> rows, params BenchColumn<T>[] columns)
    {
        string[][] Cells(IReadOnlyList<BenchColumn<T>> shown) =>
            [[.. shown.Select(c => c.Heading)], .. rows.Select(row => (string[])[.. shown.Select(c => c.Cell(row))])];
        return new(legend, Cells([.. columns.Where(c => !c.IsWide)]), Cells(columns));
    }
}

/// <summary>What a bench found, to be printed.</summary>
/// <param name="Machine">On what.</param>
/// <param name="Tables">For people.</param>
/// <param name="Json">The same for programs.</param>
internal sealed record BenchReport(BenchMachine Machine, IReadOnlyList<BenchTable> Tables, object Json)
{
    public void Print(TextWriter output, BenchFormat format)
    {
        if (format == BenchFormat.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(Json, ReportJson.Options));
            return;
        }
        foreach (string line in Machine.Lines())
            output.WriteLine(line);
        foreach (BenchTable table in Tables)
        {
            foreach (string line in table.Legend)
                output.WriteLine(line);
            output.WriteLine();
            foreach (string line in format == BenchFormat.Markdown ? Markdown(table.Wide) : TextTable.Lines(table.Narrow[0], [.. table.Narrow.Skip(1)]))
                output.WriteLine(line);
            if (table != Tables[^1])
                output.WriteLine();
        }
    }

    private static IEnumerable<string> Markdown(IReadOnlyList<string[]> rows) =>
        rows.Select(row => $"| {string.Join(" | ", row)} |").Take(1).Append($"|{string.Concat(rows[0].Select(_ => "---|"))}").Concat(
            rows.Skip(1).Select(row => $"| {string.Join(" | ", row)} |"));
}
