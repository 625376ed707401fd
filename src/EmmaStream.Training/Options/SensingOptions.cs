namespace EmmaStream.Training.Options;

/// <summary>The pseudo-sensing networks Ai and Av, and the fused pictures that they learn from.</summary>
public sealed record SensingOptions
{
    /// <summary>Channels of the first level: 1 to 128 (EMMA: 64; small machines: 16).</summary>
    public int Width { get; init; } = 64;

    /// <summary>Trained sensing networks to start from: the folder of a checkpoint; none: random ones.</summary>
    public string? Start { get; init; }

    /// <summary>Share of the examples made by the network itself, at its present weights and those of ownWeights: 0 to 1.</summary>
    public double OwnShare { get; init; } = 0.6;

    /// <summary>Share of the examples that are the warm-up's target: 0 to 1. The rest are made by classical fusions at random strengths and taken from fusedExamples.</summary>
    public double TargetShare { get; init; } = 0.2;

    /// <summary>Further weights of the U-Fuser whose outputs count as its own.</summary>
    public IReadOnlyList<string> OwnWeights { get; init; } = [];

    /// <summary>Largest random change of gain of an example: 0 to 1.</summary>
    public double Gain { get; init; } = 0.1;

    /// <summary>Largest standard deviation of the random blur of an example, pixels: 0 to 5.</summary>
    public double Blur { get; init; } = 0.7;

    /// <summary>Largest standard deviation of the random noise on an example: 0 to 0.5.</summary>
    public double Noise { get; init; } = 0.02;

    internal IEnumerable<string> Problems(string path)
    {
        if (Width is < 1 or > 128)
            yield return $"{path}.width is {Width}; allowed are 1 to 128";
        if (OwnShare is not (>= 0 and <= 1) || TargetShare is not (>= 0 and <= 1) || OwnShare + TargetShare > 1)
            yield return $"{path}.ownShare is {OwnShare} and targetShare {TargetShare}; allowed are 0 to 1, together too";
        if (Gain is not (>= 0 and <= 1) || Blur is not (>= 0 and <= 5) || Noise is not (>= 0 and <= 0.5))
            yield return $"{path}.gain, blur, noise are {Gain}, {Blur}, {Noise}; allowed are 0 to 1, 0 to 5 and 0 to 0.5";
    }
}
