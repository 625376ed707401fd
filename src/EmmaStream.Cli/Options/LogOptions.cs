namespace EmmaStream.Cli.Options;

/// <summary>How much is logged.</summary>
public enum LogLevel
{
    /// <summary>Everything, for developers.</summary>
    Debug,

    /// <summary>Changes of state and above.</summary>
    Information,

    /// <summary>What heals itself and above.</summary>
    Warning,

    /// <summary>What needs a person.</summary>
    Error,
}

/// <summary>What is logged, and where.</summary>
public sealed record LogOptions
{
    /// <summary>From which level on: debug, information, warning or error.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Path of a file that gets every message as one JSON object a line; none: console only.</summary>
    public string? File { get; init; }

    internal IEnumerable<string> Problems(string path)
    {
        if (File is "")
            yield return $"{path}.file is empty; give a path, or leave it out";
    }
}
