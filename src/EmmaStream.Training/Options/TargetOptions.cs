namespace EmmaStream.Training.Options;

/// <summary>Which picture the warm-up learns to make.</summary>
public enum TargetKind
{
    /// <summary>A pyramid fusion with a tone curve, made from the pair.</summary>
    Made,

    /// <summary>The brighter of both sources.</summary>
    Maximum,
}

/// <summary>
/// The picture that the warm-up learns to make. The made one has 4 pyramid levels of details above a coarsest one: details are a mix of energy-weighted and strongest
/// ones, the coarsest level is the weighted mean of both sources with gain, compressed to a range.
/// </summary>
public sealed record TargetOptions
{
    /// <summary>The kind: made or maximum.</summary>
    public TargetKind Kind { get; init; } = TargetKind.Made;

    /// <summary>Contrast of the coarsest level: 0.1 to 5. The dial between contrast (SD, EN) and likeness (SSIM).</summary>
    public double Gain { get; init; } = 1.95;

    /// <summary>Source level that the gain turns about: 0 to 1.</summary>
    public double Centre { get; init; } = 0.48;

    /// <summary>How far the centre follows the mean of the pair's coarsest level: 0 (fixed) to 1 (is that mean). Dark scenes keep their contrast then.</summary>
    public double CentreFollows { get; init; }

    /// <summary>Level that the centre becomes: 0 to 1.</summary>
    public double Middle { get; init; } = 0.49;

    /// <summary>Darkest level of the compressed coarsest level: -1 to 1; below 0 black stays black.</summary>
    public double Darkest { get; init; } = 0.07;

    /// <summary>Brightest level of the compressed coarsest level: 0 to 2.</summary>
    public double Brightest { get; init; } = 0.93;

    /// <summary>The infrared's share of the coarsest level: 0 to 1.</summary>
    public double InfraredShare { get; init; } = 0.5;

    /// <summary>Gain of the detail levels: 0 to 5.</summary>
    public double DetailGain { get; init; } = 1.15;

    /// <summary>Share of the energy-weighted details; the rest is the stronger one of both: 0 to 1.</summary>
    public double WeightedShare { get; init; } = 0.6;

    /// <summary>Standard deviation of the blur of the detail energies, pixels of their level: 0.1 to 20.</summary>
    public double EnergySigma { get; init; } = 1.2;

    /// <summary>Exponent of the energies in the weights: 0.1 to 10.</summary>
    public double EnergyExponent { get; init; } = 2;

    /// <summary>Root mean square of the details, 0..1 levels, at which half of the way from faint to strong is gone: 0.0001 to 0.5. The three options below are for details much fainter than this, the three above for stronger ones.</summary>
    public double FaintLevel { get; init; } = 0.03;

    /// <summary>Gain of faint details: 0 to 5; auto: detailGain.</summary>
    public double? FaintGain { get; init; }

    /// <summary>Share of the energy-weighted ones among faint details: 0 to 1; auto: weightedShare.</summary>
    public double? FaintShare { get; init; }

    /// <summary>Exponent of the energies of faint details: 0.1 to 10; a small one averages both sources, which keeps the grain of each; auto: energyExponent.</summary>
    public double? FaintExponent { get; init; }

    internal IEnumerable<string> Problems(string path)
    {
        foreach ((string name, double value, double least, double most) in new[]
        {
            ("gain", Gain, 0.1, 5), ("centre", Centre, 0, 1), ("centreFollows", CentreFollows, 0, 1), ("middle", Middle, 0, 1), ("darkest", Darkest, -1, 1), ("brightest", Brightest, 0, 2),
            ("infraredShare", InfraredShare, 0, 1), ("detailGain", DetailGain, 0, 5), ("weightedShare", WeightedShare, 0, 1),
            ("energySigma", EnergySigma, 0.1, 20), ("energyExponent", EnergyExponent, 0.1, 10), ("faintLevel", FaintLevel, 1e-4, 0.5), ("faintGain", FaintGain ?? DetailGain, 0, 5),
            ("faintShare", FaintShare ?? WeightedShare, 0, 1), ("faintExponent", FaintExponent ?? EnergyExponent, 0.1, 10),
        })
        {
            if (!(value >= least && value <= most))
                yield return $"{path}.{name} is {value}; allowed are {least} to {most}";
        }
        if (Darkest >= Brightest)
            yield return $"{path}.darkest is {Darkest}, not below brightest ({Brightest})";
    }
}
