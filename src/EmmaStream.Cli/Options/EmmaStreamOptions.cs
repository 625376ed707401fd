namespace EmmaStream.Cli.Options;

/// <summary>Everything that config/emmastream.yml can say. What is left out keeps its default.</summary>
public sealed record EmmaStreamOptions
{
    /// <summary>The camera pairs, each under a name of 1 to 32 letters a-z, digits and hyphens.</summary>
    public IReadOnlyDictionary<string, StreamOptions> Streams { get; init; } = new Dictionary<string, StreamOptions>();

    /// <summary>How two pictures become one.</summary>
    public FusionOptions Fusion { get; init; } = new();

    /// <summary>What is logged, and where.</summary>
    public LogOptions Log { get; init; } = new();

    internal IEnumerable<string> Problems(string path)
    {
        foreach (string name in Streams.Keys.Where(n => n.Length is 0 or > 32 || n.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))))
            yield return $"{path}streams.{name}: a stream's name is 1 to 32 letters a-z, digits and hyphens";
    }
}
