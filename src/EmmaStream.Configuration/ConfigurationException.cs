namespace EmmaStream.Configuration;

/// <summary>A configuration file is wrong. The message holds every problem, one a line.</summary>
/// <param name="problems">All of them, at least one.</param>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>All problems, by line.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}
