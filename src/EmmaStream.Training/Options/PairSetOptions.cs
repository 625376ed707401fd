namespace EmmaStream.Training.Options;

/// <summary>Registered pairs: two folders whose files have the same names (extensions may differ), or two recordings whose n-th frames belong together.</summary>
public sealed record PairSetOptions
{
    /// <summary>Folder or video of the infrared pictures.</summary>
    public required string Infrared { get; init; }

    /// <summary>Folder or video of the visible ones; of colour pictures the luma is taken.</summary>
    public required string Visible { get; init; }

    /// <summary>Text file with the names to take, one a line, with or without extension; none: all.</summary>
    public string? Only { get; init; }

    /// <summary>Text file with names to leave out.</summary>
    public string? Except { get; init; }

    /// <summary>Of a video or a sorted folder, every n-th: at least 1.</summary>
    public int Every { get; init; } = 1;

    /// <summary>How often patches come from this set, relative to the other sets' weights: above 0.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Factor on width and height when read: above 0 to 1; 0.5 halves large pictures.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Further copies of every pair with other levels, a random gamma, contrast and noise for each picture: 0 to 20. For scenes darker, flatter and noisier than those at hand; not where black must stay black.</summary>
    public int Variants { get; init; }

    internal IEnumerable<string> Problems(string path)
    {
        if (Every < 1)
            yield return $"{path}.every is {Every}; allowed are 1 and more";
        if (!(Weight > 0))
            yield return $"{path}.weight is {Weight}; allowed is more than 0";
        if (Scale is not (> 0 and <= 1))
            yield return $"{path}.scale is {Scale}; allowed are more than 0 to 1";
        if (Variants is < 0 or > 20)
            yield return $"{path}.variants is {Variants}; allowed are 0 to 20";
    }
}

/// <summary>Fused pictures of another method, named like the pairs that they were made of.</summary>
public sealed record FusedSetOptions
{
    /// <summary>Folder of the fused pictures; those without a training pair of their name and size are not used.</summary>
    public required string Folder { get; init; }
}

/// <summary>How patches are cut and which are refused.</summary>
public sealed record PatchOptions
{
    /// <summary>A patch is refused when either source's (p90 - p10) / p90 is below this: 0 to 1 (EMMA's scripts: 0.1).</summary>
    public double LowContrast { get; init; } = 0.1;

    /// <summary>Whether patches are mirrored and transposed at random. EMMA's scripts do not.</summary>
    public bool Augment { get; init; } = true;

    internal IEnumerable<string> Problems(string path)
    {
        if (LowContrast is not (>= 0 and <= 1))
            yield return $"{path}.lowContrast is {LowContrast}; allowed are 0 to 1";
    }
}
