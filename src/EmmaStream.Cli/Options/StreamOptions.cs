using EmmaStream.Core.Pairing;

namespace EmmaStream.Cli.Options;

/// <summary>One camera pair.</summary>
public sealed record StreamOptions
{
    /// <summary>The infrared camera or recording.</summary>
    public CameraOptions Infrared { get; init; } = new();

    /// <summary>The visible camera or recording.</summary>
    public CameraOptions Visible { get; init; } = new();

    /// <summary>How frames of the two find each other.</summary>
    public PairOptions Pairing { get; init; } = new();

    /// <summary>Path of the registration.json that aligns the two cameras; none: they share one geometry.</summary>
    public string? Registration { get; init; }

    /// <summary>What the fused picture looks like and how it is encoded.</summary>
    public OutputOptions Output { get; init; } = new();

    internal IEnumerable<string> Problems(string path)
    {
        if (Registration is "")
            yield return $"{path}.registration is empty; give a path, or leave it out";
    }
}

/// <summary>One camera or recording.</summary>
public sealed record CameraOptions
{
    /// <summary>Path of a video, a picture or a folder of pictures. The command line's --ir and --vi replace it.</summary>
    public string? Source { get; init; }

    /// <summary>Added to this camera's capture times, before pairing: -1h to 1h.</summary>
    public TimeSpan Offset { get; init; }

    internal IEnumerable<string> Problems(string path)
    {
        if (Source is "")
            yield return $"{path}.source is empty; give a path, or leave it out";
        if (Offset.Duration() > PairingOptions.LargestOffset)
            yield return $"{path}.offset is {Offset}; allowed are -1h to 1h";
    }
}

/// <summary>How frames of the two streams find each other.</summary>
public sealed record PairOptions
{
    /// <summary>By capture time, or by number (frame n with frame n).</summary>
    public PairBy By { get; init; } = PairBy.Time;

    /// <summary>Largest distance of the two capture times: 0s to 10s; auto is half the longer frame period plus 5ms.</summary>
    public TimeSpan? MaxSkew { get; init; }

    /// <summary>Whether the last infrared frame serves again, for at most two of its periods, where none is near enough.</summary>
    public bool HoldLast { get; init; } = true;

    internal IEnumerable<string> Problems(string path)
    {
        if (MaxSkew < TimeSpan.Zero || MaxSkew > TimeSpan.FromSeconds(10))
            yield return $"{path}.maxSkew is {MaxSkew}; allowed are 0s to 10s, or auto";
    }
}
