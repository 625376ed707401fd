using Serilog.Events;

namespace EmmaStream.Cli.Options;

/// <summary>What is logged, and where.</summary>
public sealed record LogOptions
{
    /// <summary>From which level on: verbose, debug, information, warning, error or fatal.</summary>
    public LogEventLevel Level { get; init; } = LogEventLevel.Information;

    /// <summary>Path of a file that gets every message as one JSON object a line; none: console only.</summary>
    public string? File { get; init; }
}
