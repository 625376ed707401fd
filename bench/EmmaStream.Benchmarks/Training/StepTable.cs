namespace EmmaStream.Benchmarks.Training;

/// <summary>A table of step times. All its cells take turns within a round, so that other load of the machine meets all of them.</summary>
/// <param name="title">What it shows.</param>
/// <param name="format">How the figures of a cell are written.</param>
internal sealed class StepTable(string title, string format)
{
    private readonly List<(string Row, string Column, TimedStep[] Figures)> _cells = [];

    /// <summary>Adds a cell; rows and columns stand in the order in which they come first.</summary>
    public void Add(string row, string column, params TimedStep[] figures) => _cells.Add((row, column, figures));

    /// <summary>Times it and prints it as Markdown.</summary>
    public void Print(int rounds)
    {
        TimedStep[] figures = [.. _cells.SelectMany(cell => cell.Figures)];
        foreach (TimedStep figure in figures)
            figure.WarmUp();
        for (int round = 0; round < rounds; round++)
        {
            foreach (TimedStep figure in figures)
                figure.Time();
        }
        string[] columns = [.. _cells.Select(cell => cell.Column).Distinct()];
        Console.WriteLine($"\n{title}\n\n| | {string.Join(" | ", columns)} |\n|---|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (IGrouping<string, (string Row, string Column, TimedStep[] Figures)> row in _cells.GroupBy(cell => cell.Row))
            Console.WriteLine($"| {row.Key} | {string.Join(" | ", columns.Select(column => Text(row.FirstOrDefault(cell => cell.Column == column).Figures)))} |");
    }

    private string Text(TimedStep[]? figures) => figures is null ? "" : string.Format(null, format, figures);
}
