namespace EmmaStream.Metrics.Images;

/// <summary>CC: mean of the Pearson correlations of the fused picture with each source, -1 to 1; higher is better. NaN when any of the three is constant.</summary>
public static class Correlation
{
    /// <summary>r(A, F) and r(B, F); their mean is CC.</summary>
    public static SourceHalves Measure(in TrioSums s) => new(
        Pearson(s.Count, s.A, s.F, s.AA, s.FF, s.AF),
        Pearson(s.Count, s.B, s.F, s.BB, s.FF, s.BF));

    /// <summary>Correlation from the sums of two sets of whole numbers; NaN when one of them is constant.</summary>
    internal static double Pearson(long count, long x, long y, long xx, long yy, long xy)
    {
        Int128 covariance = (Int128)count * xy - (Int128)x * y;
        Int128 spreadX = Spread(count, x, xx), spreadY = Spread(count, y, yy);
        return spreadX == 0 || spreadY == 0
            ? double.NaN
            : Math.Clamp((double)covariance / (Math.Sqrt((double)spreadX) * Math.Sqrt((double)spreadY)), -1, 1);
    }

    /// <summary>n^2 times the variance, exact: n sum(x^2) - (sum x)^2.</summary>
    internal static Int128 Spread(long count, long sum, long squares) => (Int128)count * squares - (Int128)sum * sum;
}
