namespace EmmaStream.Metrics.Images;

/// <summary>MSE: mean squared difference of the fused picture to its sources, in squared gray levels, 0 to 65025; lower is better.</summary>
public static class MeanSquaredError
{
    /// <summary>mean((A - F)^2) and mean((B - F)^2); their mean is MSE.</summary>
    public static SourceHalves Measure(in TrioSums s) => new(
        (double)(s.AA - 2 * s.AF + s.FF) / s.Count,
        (double)(s.BB - 2 * s.BF + s.FF) / s.Count);
}
