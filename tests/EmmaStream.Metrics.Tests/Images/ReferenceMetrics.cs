using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Tests.Images;

/// <summary>The window metrics straight from their definitions, pixel by pixel and slow: what the fast ones must equal at any size.</summary>
internal static class ReferenceMetrics
{
    public static double Vif(PlaneTrio trio) => VifOf(Real(trio.Infrared), Real(trio.Fused)) + VifOf(Real(trio.Visible), Real(trio.Fused));

    public static double Ssim(PlaneTrio trio, double range) => SsimOf(trio.Infrared, trio.Fused, range) + SsimOf(trio.Visible, trio.Fused, range);

    public static double Qabf(PlaneTrio trio)
    {
        double kept = 0, strength = 0;
        foreach (GrayPlane source in new[] { trio.Infrared, trio.Visible })
        {
            for (int y = 0; y < trio.Height; y++)
            {
                for (int x = 0; x < trio.Width; x++)
                {
                    (int squared, double angle) = Sobel(source, x, y);
                    (int squaredF, double angleF) = Sobel(trio.Fused, x, y);
                    double g = Math.Sqrt(squared), gF = Math.Sqrt(squaredF);
                    double ratio = squaredF > squared ? g / gF : squaredF < squared ? gF / g : gF;
                    double agreement = 1 - Math.Abs(angle - angleF) / (Math.PI / 2);
                    kept += g * (0.9994 / (1 + Math.Exp(-15 * (ratio - 0.5)))) * (0.9879 / (1 + Math.Exp(-22 * (agreement - 0.8))));
                    strength += g;
                }
            }
        }
        return kept / strength;
    }

    public static double Ag(GrayPlane f)
    {
        double sum = 0;
        for (int y = 0; y < f.Height; y++)
        {
            for (int x = 0; x < f.Width; x++)
            {
                double gx = Gradient(i => f.Row(y)[i], x, f.Width), gy = Gradient(i => f.Row(i)[x], y, f.Height);
                sum += Math.Sqrt((gx * gx + gy * gy) / 2);
            }
        }
        return sum / f.Area;
    }

    private static double Gradient(Func<int, double> at, int i, int n) =>
        n == 1 ? 0 : i == 0 ? at(1) - at(0) : i == n - 1 ? at(n - 1) - at(n - 2) : (at(i + 1) - at(i - 1)) / 2;

    private static (int Squared, double Angle) Sobel(GrayPlane p, int x, int y)
    {
        int At(int dx, int dy) => x + dx < 0 || x + dx >= p.Width || y + dy < 0 || y + dy >= p.Height ? 0 : p.Row(y + dy)[x + dx];
        int gx = At(-1, -1) + 2 * At(-1, 0) + At(-1, 1) - At(1, -1) - 2 * At(1, 0) - At(1, 1);
        int gy = At(-1, 1) + 2 * At(0, 1) + At(1, 1) - At(-1, -1) - 2 * At(0, -1) - At(1, -1);
        return (gx * gx + gy * gy, gx == 0 ? Math.PI / 2 : Math.Atan((double)gy / gx));
    }

    private static double SsimOf(GrayPlane a, GrayPlane b, double range)
    {
        double c1 = 0.01 * range * (0.01 * range), c2 = 0.03 * range * (0.03 * range), sum = 0;
        for (int top = 0; top <= a.Height - 7; top++)
        {
            for (int left = 0; left <= a.Width - 7; left++)
            {
                double sa = 0, sb = 0;
                foreach ((double va, double vb) in Window(a, b, left, top))
                    (sa, sb) = (sa + va, sb + vb);
                double ma = sa / 49, mb = sb / 49, va2 = 0, vb2 = 0, vab = 0;
                foreach ((double va, double vb) in Window(a, b, left, top))
                    (va2, vb2, vab) = (va2 + (va - ma) * (va - ma) / 48, vb2 + (vb - mb) * (vb - mb) / 48, vab + (va - ma) * (vb - mb) / 48);
                sum += (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va2 + vb2 + c2));
            }
        }
        return sum / ((a.Height - 6.0) * (a.Width - 6.0));
    }

    private static IEnumerable<(double A, double B)> Window(GrayPlane a, GrayPlane b, int left, int top)
    {
        for (int i = 0; i < 49; i++)
            yield return (a.Row(top + i / 7)[left + i % 7], b.Row(top + i / 7)[left + i % 7]);
    }

    private static double VifOf(double[,] r, double[,] d)
    {
        double numerator = 0, denominator = 0;
        for (int scale = 1; scale <= 4; scale++)
        {
            double[,] window = Gaussian((1 << (5 - scale)) + 1);
            if (scale > 1)
                (r, d) = (Halve(Filter(r, window)), Halve(Filter(d, window)));
            double[,] m1 = Filter(r, window), m2 = Filter(d, window);
            double[,] rr = Filter(Product(r, r), window), dd = Filter(Product(d, d), window), rd = Filter(Product(r, d), window);
            for (int i = 0; i < m1.Length; i++)
            {
                int y = i / m1.GetLength(1), x = i % m1.GetLength(1);
                Add(m1[y, x], m2[y, x], rr[y, x], dd[y, x], rd[y, x], ref numerator, ref denominator);
            }
        }
        return denominator == 0 ? 1 : numerator / denominator;
    }

    private static void Add(double m1, double m2, double rr, double dd, double rd, ref double numerator, ref double denominator)
    {
        const double e = 1e-10;
        double s11 = Math.Max(rr - m1 * m1, 0), s22 = Math.Max(dd - m2 * m2, 0), s12 = rd - m1 * m2;
        double g = s12 / (s11 + e), w = s22 - g * s12;
        if (s11 < e)
            (g, w, s11) = (0, s22, 0);
        if (s22 < e)
            (g, w) = (0, 0);
        if (g < 0)
            (w, g) = (s22, 0);
        if (w <= e)
            w = e;
        numerator += Math.Log10(1 + g * g * s11 / (w + 2));
        denominator += Math.Log10(1 + s11 / 2);
    }

    private static double[,] Gaussian(int n)
    {
        double[,] w = new double[n, n];
        double sum = 0, sigma = n / 5.0;
        for (int i = 0; i < n * n; i++)
        {
            int y = i / n - n / 2, x = i % n - n / 2;
            sum += w[i / n, i % n] = Math.Exp(-(x * x + y * y) / (2 * sigma * sigma));
        }
        for (int i = 0; i < n * n; i++)
            w[i / n, i % n] /= sum;
        return w;
    }

    private static double[,] Filter(double[,] p, double[,] w)
    {
        int n = w.GetLength(0), height = p.GetLength(0) - n + 1, width = p.GetLength(1) - n + 1;
        double[,] result = new double[height, width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double sum = 0;
                for (int i = 0; i < n * n; i++)
                    sum += w[i / n, i % n] * p[y + i / n, x + i % n];
                result[y, x] = sum;
            }
        }
        return result;
    }

    private static double[,] Halve(double[,] p)
    {
        double[,] result = new double[(p.GetLength(0) + 1) / 2, (p.GetLength(1) + 1) / 2];
        for (int i = 0; i < result.Length; i++)
            result[i / result.GetLength(1), i % result.GetLength(1)] = p[2 * (i / result.GetLength(1)), 2 * (i % result.GetLength(1))];
        return result;
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        double[,] result = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.Length; i++)
            result[i / a.GetLength(1), i % a.GetLength(1)] = a[i / a.GetLength(1), i % a.GetLength(1)] * b[i / a.GetLength(1), i % a.GetLength(1)];
        return result;
    }

    private static double[,] Real(GrayPlane plane)
    {
        double[,] result = new double[plane.Height, plane.Width];
        for (int i = 0; i < plane.Area; i++)
            result[i / plane.Width, i % plane.Width] = plane.Samples[i];
        return result;
    }
}
