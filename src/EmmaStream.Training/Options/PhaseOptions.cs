using System.ComponentModel.DataAnnotations;

namespace EmmaStream.Training.Options;

/// <summary>What a phase trains.</summary>
public enum PhaseKind
{
    /// <summary>The U-Fuser, towards the target picture.</summary>
    WarmUp,

    /// <summary>Both pseudo-sensing networks, from fused pictures to their sources (EMMA section 3).</summary>
    Sensing,

    /// <summary>The U-Fuser with EMMA's loss through the frozen sensing networks.</summary>
    Emma,
}

/// <summary>How the learning rate falls after its ramp.</summary>
public enum RateFall
{
    /// <summary>Half a cosine, to 0 at the end.</summary>
    Cosine,

    /// <summary>Halved every rateHalving steps, as EMMA's scripts do.</summary>
    Steps,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A family of transforms of the equivariance term.</summary>
public enum TransformFamily
{
    /// <summary>Circular shifts.</summary>
    Shift,

    /// <summary>Rotations, zeros outside.</summary>
    Rotate,

    /// <summary>Reflections: left-right, up-down and both.</summary>
    Reflect,
}

/// <summary>One phase of a training.</summary>
public sealed record PhaseOptions
{
    /// <summary>Its name in progress, curves and checkpoints: 1 to 32 letters a-z, digits and hyphens.</summary>
    [RegularExpression("[a-z0-9-]{1,32}", ErrorMessage = "1 to 32 letters a-z, digits and hyphens")]
    public required string Name { get; init; }

    /// <summary>What it trains: warm-up, sensing or emma.</summary>
    public required PhaseKind Kind { get; init; }

    /// <summary>Steps of the optimiser: at least 1.</summary>
    public required int Steps { get; init; }

    /// <summary>Width and height of a patch, pixels: a multiple of 16, 16 to 512.</summary>
    public int Patch { get; init; } = 64;

    /// <summary>Patches in a step: 1 to 256.</summary>
    public int Batch { get; init; } = 4;

    /// <summary>Peak learning rate of Adam: above 0 to 0.1.</summary>
    public double Rate { get; init; } = 1e-4;

    /// <summary>Share of the steps over which the rate rises to its peak: 0 to 1.</summary>
    public double Ramp { get; init; }

    /// <summary>How the rate falls then: cosine, steps or none.</summary>
    public RateFall Fall { get; init; } = RateFall.Cosine;

    /// <summary>With fall steps: how many steps until the rate is halved; at least 1.</summary>
    public int RateHalving { get; init; } = 1000;

    /// <summary>Largest norm of the gradient, longer ones are shortened: above 0; none: no limit.</summary>
    public double? Clip { get; init; }

    /// <summary>
    /// Slope of the three activations after the up-samplings for negative values at the start, falling to 0 (the network's own) at half of the
    /// phase: 0 to 1. Against their dying loss.activity does better (docs/EXPERIMENTS.md).
    /// </summary>
    public double Leak { get; init; }

    /// <summary>
    /// Warm-up and emma: share of the steps in which the decoder does not see the own features of level 2, level 3 or both, so that it learns to use what comes up
    /// from the levels below: 0 to 1. Without it the deepest levels say nearly nothing (docs/EXPERIMENTS.md).
    /// </summary>
    public double Hide { get; init; }

    /// <summary>Decay of the moving average of the weights that is tried and kept: 0 (none) to 0.9999.</summary>
    public double Average { get; init; }

    /// <summary>Parts of the loss; what does not concern the kind of phase is not used.</summary>
    public LossOptions Loss { get; init; } = new();

    internal IEnumerable<string> Problems(string path)
    {
        if (Steps < 1)
            yield return $"{path}.steps is {Steps}; allowed are 1 and more";
        if (Patch is < 16 or > 512 || Patch % 16 != 0)
            yield return $"{path}.patch is {Patch}; allowed are multiples of 16 from 16 to 512";
        if (Batch is < 1 or > 256)
            yield return $"{path}.batch is {Batch}; allowed are 1 to 256";
        if (Kind != PhaseKind.WarmUp && Batch == 1 && Patch == 16)
            yield return $"{path}.batch is 1 with patch 16: the deepest level of the sensing networks would normalise over a single value; raise one of them";
        if (Rate is not (> 0 and <= 0.1))
            yield return $"{path}.rate is {Rate}; allowed are more than 0 to 0.1";
        if (Ramp is not (>= 0 and <= 1))
            yield return $"{path}.ramp is {Ramp}; allowed are 0 to 1";
        if (RateHalving < 1)
            yield return $"{path}.rateHalving is {RateHalving}; allowed are 1 and more";
        if (Clip is <= 0)
            yield return $"{path}.clip is {Clip}; allowed is more than 0, or remove the line";
        if (Leak is not (>= 0 and <= 1))
            yield return $"{path}.leak is {Leak}; allowed are 0 to 1";
        if (Hide is not (>= 0 and <= 1))
            yield return $"{path}.hide is {Hide}; allowed are 0 to 1";
        if (Average is not (>= 0 and <= 0.9999))
            yield return $"{path}.average is {Average}; allowed are 0 to 0.9999";
    }
}
