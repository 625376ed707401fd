using EmmaStream.Core.Faults;
using EmmaStream.Core.Pairing;

namespace EmmaStream.Cli.Verbs;

/// <summary>All that is wrong with a command line, collected while it is read and told at once.</summary>
internal sealed class UsageProblems
{
    private readonly List<string> _problems = [];

    public void Add(string problem) => _problems.Add(problem);

    /// <summary>Takes over what a record of options says of itself; its path is then "--".</summary>
    public void AddOf(IEnumerable<string> problems) => _problems.AddRange(problems.Select(p => p.Replace("--.", "--", StringComparison.Ordinal)));

    /// <summary>The value, or a stand-in until <see cref="ThrowIfAny"/> where it is missing.</summary>
    public string Required(string? value, string problem)
    {
        if (value is null)
            Add(problem);
        return value ?? "null";
    }

    /// <summary>The value, whether good or not.</summary>
    public T Unless<T>(bool isGood, T value, string problem)
    {
        if (!isGood)
            Add(problem);
        return value;
    }

    /// <exception cref="Fault">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
            throw Fault.Usage(string.Join("; ", _problems));
    }

    /// <summary>What stands after --ir-offset, in ms; null where it is not given or not allowed.</summary>
    public TimeSpan? InfraredOffset(double? offset)
    {
        if (offset is not { } ms || Math.Abs(ms) <= PairingOptions.LargestOffset.TotalMilliseconds)
            return offset is { } good ? TimeSpan.FromMilliseconds(good) : null;
        Add($"--ir-offset is {ms}; allowed are -3600000 to 3600000 ms");
        return null;
    }
}
