namespace EmmaStream.Metrics.Images;

/// <summary>
/// SCD, sum of the correlations of differences: what the fused picture owes to one source is what is left after subtracting the other.
/// -2 to 2; higher is better. NaN when a source is constant or the fused picture differs from a source by a constant.
/// </summary>
public static class SumOfCorrelations
{
    /// <summary>r(A, F - B) and r(B, F - A); their sum is SCD.</summary>
    public static SourceHalves Measure(in TrioSums s) => new(
        Correlation.Pearson(s.Count, s.A, s.F - s.B, s.AA, s.FF - 2 * s.BF + s.BB, s.AF - s.AB),
        Correlation.Pearson(s.Count, s.B, s.F - s.A, s.BB, s.FF - 2 * s.AF + s.AA, s.BF - s.AB));
}
