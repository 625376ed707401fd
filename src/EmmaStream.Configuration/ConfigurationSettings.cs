using EmmaStream.Configuration.Converters;

namespace EmmaStream.Configuration;

/// <summary>How configuration files are read: the values they may hold, where <c>${NAME}</c> comes from, and how large they may be.</summary>
public sealed record ConfigurationSettings
{
    /// <summary>The settings of a program that adds nothing.</summary>
    public static ConfigurationSettings Standard { get; } = new();

    /// <summary>Text to value and back.</summary>
    public ConfigurationConverters Converters { get; init; } = ConfigurationConverters.Standard;

    /// <summary>The value of <c>${NAME}</c>, or null where there is none; by default the process's environment variables.</summary>
    public Func<string, string?> Variables { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Largest file in bytes; also the bound on all that <c>${}</c> brings in. Default 1 MiB.</summary>
    public int MaxBytes { get; init; } = 1 << 20;

    /// <summary>Deepest nesting of sections and lists. Default 32.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Most values, sections and lists in a file, each alias (<c>*name</c>) counted as all that it repeats. Default 20,000.</summary>
    public int MaxValues { get; init; } = 20_000;
}
