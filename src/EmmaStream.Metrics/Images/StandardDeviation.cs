namespace EmmaStream.Metrics.Images;

/// <summary>SD: contrast of the fused picture, in gray levels, 0 to 127.5; higher is better. Divisor N. A constant picture has 0.</summary>
public static class StandardDeviation
{
    /// <summary>sqrt(mean((F - mean F)^2)).</summary>
    public static double Measure(in TrioSums sums) =>
        Math.Sqrt((double)Correlation.Spread(sums.Count, sums.F, sums.FF)) / sums.Count;
}
