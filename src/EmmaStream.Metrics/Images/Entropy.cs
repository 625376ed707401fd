using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>EN: Shannon entropy of the fused picture's gray levels, in bits, 0 to 8; higher is better. A constant picture has 0.</summary>
public static class Entropy
{
    /// <summary>-sum p log2 p over the 256 levels of <paramref name="fused"/>.</summary>
    public static double Measure(GrayPlane fused)
    {
        ArgumentNullException.ThrowIfNull(fused);
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (byte level in fused.Samples)
            histogram[level]++;
        double sum = 0, count = fused.Area;
        foreach (int n in histogram)
        {
            if (n > 0 && n < fused.Area)   // log2 1 = 0: a constant picture is +0, not -0
                sum -= n / count * Math.Log2(n / count);
        }
        return sum;
    }
}
