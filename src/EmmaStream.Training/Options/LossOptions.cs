namespace EmmaStream.Training.Options;

/// <summary>Weights of the parts of the loss. The defaults of the emma kind are the paper's.</summary>
public sealed record LossOptions
{
    /// <summary>Warm-up and anchor: weight of the mean absolute difference of the Sobel gradients, besides 1 for that of the pictures. At least 0.</summary>
    public double Sobel { get; init; } = 10;

    /// <summary>Warm-up and anchor: weight of the mean absolute difference of the steps from pixel to pixel, which Sobel cannot see. At least 0.</summary>
    public double Neighbours { get; init; } = 3;

    /// <summary>Warm-up and anchor: weight of the mean absolute difference of 8x8 means. At least 0.</summary>
    public double Coarse { get; init; }

    /// <summary>
    /// Warm-up and anchor: weight of the level that stands where both sources are 0, a mean over those pixels. Black stays black with it, as around a head.
    /// At least 0.
    /// </summary>
    public double Black { get; init; }

    /// <summary>
    /// Weight of a penalty on the channels after up4, up3 and up2 of which less than a fifth is above zero: they would die, and with them a
    /// level of the network. At least 0; the published training has none.
    /// </summary>
    public double Activity { get; init; }

    /// <summary>Emma: weight of the warm-up's loss at the start of the phase. At least 0.</summary>
    public double Anchor { get; init; }

    /// <summary>Emma: weight of the warm-up's loss at the end of the phase; it changes linearly. At least 0.</summary>
    public double AnchorAtEnd { get; init; }

    /// <summary>Emma: weight of the two sensing terms. At least 0.</summary>
    public double Sensing { get; init; } = 1;

    /// <summary>Emma: weight of the equivariance term; 0 leaves it out. At least 0.</summary>
    public double Equivariance { get; init; } = 0.1;

    /// <summary>Emma: share of the phase after which the equivariance term begins: 0 to 1.</summary>
    public double EquivarianceFrom { get; init; }

    /// <summary>Emma: the families that transforms are taken from: shift, rotate, reflect.</summary>
    public IReadOnlyList<TransformFamily> Transforms { get; init; } = [TransformFamily.Shift, TransformFamily.Rotate, TransformFamily.Reflect];

    /// <summary>Emma: transforms in a step, drawn anew from all families; 0: the paper's identity and three of each.</summary>
    public int TransformsPerStep { get; init; }

    /// <summary>Emma: every how many steps the sensing networks take one of their own on the fuser's present output; 0: never (the paper).</summary>
    public int Refresh { get; init; }

    /// <summary>Emma: learning rate of that step: above 0 to 0.1.</summary>
    public double RefreshRate { get; init; } = 2e-4;

    internal IEnumerable<string> Problems(string path)
    {
        foreach ((string name, double value) in new[]
        {
            ("sobel", Sobel), ("neighbours", Neighbours), ("coarse", Coarse), ("black", Black), ("activity", Activity), ("anchor", Anchor), ("anchorAtEnd", AnchorAtEnd), ("sensing", Sensing),
            ("equivariance", Equivariance), ("transformsPerStep", TransformsPerStep), ("refresh", Refresh),
        })
        {
            if (!(value >= 0))
                yield return $"{path}.{name} is {value}; allowed are 0 and more";
        }
        if (EquivarianceFrom is not (>= 0 and <= 1))
            yield return $"{path}.equivarianceFrom is {EquivarianceFrom}; allowed are 0 to 1";
        if (RefreshRate is not (> 0 and <= 0.1))
            yield return $"{path}.refreshRate is {RefreshRate}; allowed are more than 0 to 0.1";
        if (Equivariance > 0 && Transforms.Count == 0)
            yield return $"{path}.transforms is empty; name shift, rotate or reflect, or set equivariance to 0";
    }
}
