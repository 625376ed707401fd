namespace EmmaStream.Configuration;

/// <summary>Collects the problems of one file.</summary>
internal sealed class ProblemLog(string origin)
{
    private readonly List<ConfigurationProblem> _problems = [];

    /// <summary>A problem in a line.</summary>
    public void Add(int line, string path, string message) => _problems.Add(new ConfigurationProblem(origin, line, path, message));

    /// <summary>The options of which something was said so far.</summary>
    public IReadOnlySet<string> Paths() => _problems.Select(p => p.Path).ToHashSet(StringComparer.Ordinal);

    /// <summary>All, each once, by line; within a line as they were found.</summary>
    public IReadOnlyList<ConfigurationProblem> ByLine() => [.. _problems.Distinct().OrderBy(p => p.Line)];
}
