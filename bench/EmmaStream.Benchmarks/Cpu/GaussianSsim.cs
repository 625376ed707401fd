using EmmaStream.Fusion;

namespace EmmaStream.Benchmarks.Cpu;

/// <summary>SSIM as Wang et al. (2004) define it: Gaussian window 11x11 of sigma 1.5 that lies wholly inside, constants 0.01 and 0.03, range 1.</summary>
internal static class GaussianSsim
{
    private const int Window = 11;
    private static readonly double[] s_taps = Taps();

    /// <summary>The mean over all windows of two pictures of one size.</summary>
    public static double Mean(LumaPlane a, LumaPlane b)
    {
        double[,] meanA = Blur(a, b, (x, _) => x), meanB = Blur(a, b, (_, y) => y);
        double[,] aa = Blur(a, b, (x, _) => x * x), bb = Blur(a, b, (_, y) => y * y), ab = Blur(a, b, (x, y) => x * y);
        double sum = 0;
        for (int y = 0; y < meanA.GetLength(0); y++)
            for (int x = 0; x < meanA.GetLength(1); x++)
            {
                (double m, double n) = (meanA[y, x], meanB[y, x]);
                double covariance = ab[y, x] - (m * n), variances = aa[y, x] - (m * m) + bb[y, x] - (n * n);
                sum += ((2 * m * n) + 1e-4) * ((2 * covariance) + 9e-4) / (((m * m) + (n * n) + 1e-4) * (variances + 9e-4));
            }
        return sum / meanA.Length;
    }

    private static double[,] Blur(LumaPlane a, LumaPlane b, Func<double, double, double> of)
    {
        var along = new double[a.Height, a.Width - Window + 1];
        for (int y = 0; y < a.Height; y++)
            for (int x = 0; x < along.GetLength(1); x++)
                for (int n = 0; n < Window; n++)
                    along[y, x] += s_taps[n] * of(a.Row(y)[x + n], b.Row(y)[x + n]);
        var blurred = new double[a.Height - Window + 1, along.GetLength(1)];
        for (int y = 0; y < blurred.GetLength(0); y++)
            for (int x = 0; x < blurred.GetLength(1); x++)
                for (int n = 0; n < Window; n++)
                    blurred[y, x] += s_taps[n] * along[y + n, x];
        return blurred;
    }

    private static double[] Taps()
    {
        double[] taps = [.. Enumerable.Range(0, Window).Select(n => Math.Exp(-Math.Pow(n - (Window / 2), 2) / (2 * 1.5 * 1.5)))];
        double sum = taps.Sum();
        return [.. taps.Select(t => t / sum)];
    }
}
