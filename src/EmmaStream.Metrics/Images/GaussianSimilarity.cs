using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// SSIM on the Linfeng-Tang evaluator's footing, which is MATLAB's ssim with its defaults on double pictures of levels 0..255: Gaussian window
/// 11 x 11, sigma 1.5, borders replicated, all pixels, data range 1; the mean of both sources. -1 to 1, higher is better.
/// </summary>
public static class GaussianSimilarity
{
    private const int Window = 11;
    private const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>SSIM with each source of the planes that <paramref name="workspace"/> holds.</summary>
    public static SourceHalves Measure(MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        Span<double> taps = stackalloc double[Window];
        VisualInformationFidelity.Gaussian(taps, 1.5);
        PaddedPlane f = workspace.Fused;
        int width = f.Width;
        Span<double> sums = workspace.Rows(8, width);
        double infrared = 0, visible = 0;
        Span<double> m = stackalloc double[8];
        for (int y = 0; y < f.Height; y++)
        {
            Vertical(workspace, y, taps, sums);
            for (int x = 0; x < width; x++)
            {
                m.Clear();
                for (int k = 0; k < Window; k++)
                {
                    int column = Math.Clamp(x + k - Window / 2, 0, width - 1);
                    for (int i = 0; i < 8; i++)
                        m[i] += taps[k] * sums[i * width + column];
                }
                infrared += Ratio(m[1], m[4], m[6], m[0], m[3]);
                visible += Ratio(m[2], m[5], m[7], m[0], m[3]);
            }
        }
        double pixels = (double)width * f.Height;
        return new(infrared / pixels, visible / pixels);
    }

    private static double Ratio(double x, double xx, double xf, double f, double ff)
    {
        double covariance = xf - x * f, varianceX = xx - x * x, varianceF = ff - f * f;
        return (2 * x * f + C1) * (2 * covariance + C2) / ((x * x + f * f + C1) * (varianceX + varianceF + C2));
    }

    // Eight rows of vertical window sums around row y: F, A, B, FF, AA, BB, AF, BF.
    private static void Vertical(MetricsWorkspace workspace, int y, ReadOnlySpan<double> taps, Span<double> sums)
    {
        int width = workspace.Fused.Width, last = workspace.Fused.Height - 1;
        sums.Clear();
        for (int k = 0; k < Window; k++)
        {
            int row = Math.Clamp(y + k - Window / 2, 0, last);
            ReadOnlySpan<double> f = workspace.Fused.RowSpan(row), a = workspace.Infrared.RowSpan(row), b = workspace.Visible.RowSpan(row);
            for (int x = 0; x < width; x++)
            {
                double wf = taps[k] * f[x], wa = taps[k] * a[x], wb = taps[k] * b[x];
                sums[x] += wf;
                sums[width + x] += wa;
                sums[2 * width + x] += wb;
                sums[3 * width + x] += wf * f[x];
                sums[4 * width + x] += wa * a[x];
                sums[5 * width + x] += wb * b[x];
                sums[6 * width + x] += wa * f[x];
                sums[7 * width + x] += wb * f[x];
            }
        }
    }
}
