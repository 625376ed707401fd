namespace EmmaStream.Configuration;

/// <summary>What reading a configuration gave: the options, or every problem that it has.</summary>
/// <typeparam name="T">The root options record.</typeparam>
/// <param name="Value">The options; null when there is any problem.</param>
/// <param name="Problems">All problems by line; empty when the options are good.</param>
public sealed record ConfigurationResult<T>(T? Value, IReadOnlyList<ConfigurationProblem> Problems)
    where T : class
{
    /// <summary>The options, or all problems as one error.</summary>
    /// <exception cref="ConfigurationException">There is at least one problem.</exception>
    public T ValueOrThrow() => Value ?? throw new ConfigurationException(Problems);
}
