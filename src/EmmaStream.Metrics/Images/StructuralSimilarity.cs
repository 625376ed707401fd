using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// SSIM and SSIM255: mean structural similarity of the fused picture with each source, added; -2 to 2, higher is better. Uniform 7 x 7
/// windows that lie wholly inside, sample variances. The two differ in the data range: 2 (what published CDDFuse figures rest on, though the
/// levels are 0..255) and 255. Smallest picture 7 x 7. Window sums are whole numbers and exact.
/// </summary>
public static class StructuralSimilarity
{
    /// <summary>Smallest width and height.</summary>
    public const int MinimumSide = Window;

    private const int Window = 7;
    private const double Samples = Window * Window;

    /// <summary>Both footings.</summary>
    /// <param name="Range2">Data range 2: SSIM.</param>
    /// <param name="Range255">Data range 255: SSIM255.</param>
    public readonly record struct Similarity(SourceHalves Range2, SourceHalves Range255);

    /// <summary>SSIM of the planes that <paramref name="workspace"/> holds.</summary>
    /// <exception cref="ArgumentException">A side is below <see cref="MinimumSide"/>.</exception>
    public static Similarity Measure(MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        (PaddedPlane f, PaddedPlane a, PaddedPlane b) = (workspace.Fused, workspace.Infrared, workspace.Visible);
        if (f.Width < MinimumSide || f.Height < MinimumSide)
            throw new ArgumentException($"SSIM needs at least {MinimumSide}x{MinimumSide} pixels, the picture has {f.Width}x{f.Height}", nameof(workspace));
        Span<double> sums = workspace.Rows(8, f.Stride);
        sums.Clear();
        for (int y = 0; y < Window - 1; y++)
            Slide(f, a, b, y, -1, sums);
        Vector<double> a2 = default, b2 = default, a255 = default, b255 = default;
        int columns = f.Width - Window + 1, rows = f.Height - Window + 1;
        for (int y = 0; y < rows; y++)
        {
            Slide(f, a, b, y + Window - 1, y - 1, sums);
            for (int x = 0; x < columns; x += Lanes.Count)
            {
                WindowMoments m = Horizontal(sums, f.Stride, x);
                Vector<long> mask = Lanes.Mask(x, columns);
                Vector<double> spreadF = m.FF * Samples - m.F * m.F;
                Add(m.A, m.AA, m.AF, m.F, spreadF, mask, ref a2, ref a255);
                Add(m.B, m.BB, m.BF, m.F, spreadF, mask, ref b2, ref b255);
            }
        }
        double windows = (double)columns * rows;
        return new(new(Vector.Sum(a2) / windows, Vector.Sum(b2) / windows), new(Vector.Sum(a255) / windows, Vector.Sum(b255) / windows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector<double> x, Vector<double> xx, Vector<double> xf, Vector<double> f, Vector<double> spreadF, Vector<long> mask,
        ref Vector<double> range2, ref Vector<double> range255)
    {
        Vector<double> product = x * f;
        Vector<double> means = (product + product) * (1 / (Samples * Samples));
        Vector<double> energies = (x * x + f * f) * (1 / (Samples * Samples));
        Vector<double> covariance = (xf * Samples - product) * (2 / (Samples * (Samples - 1)));
        Vector<double> variances = (xx * Samples - x * x + spreadF) * (1 / (Samples * (Samples - 1)));
        range2 += Lanes.Keep(mask, Ratio(means, energies, covariance, variances, 0.02 * 0.02, 0.06 * 0.06));
        range255 += Lanes.Keep(mask, Ratio(means, energies, covariance, variances, 2.55 * 2.55, 7.65 * 7.65));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Ratio(Vector<double> means, Vector<double> energies, Vector<double> covariance, Vector<double> variances, double c1, double c2)
    {
        Vector<double> v1 = new(c1), v2 = new(c2);
        return (means + v1) * (covariance + v2) / ((energies + v1) * (variances + v2));
    }

    // Eight rows of running column sums take in row `enter` and let go of row `leave` (-1: none): F, A, B, FF, AA, BB, AF, BF.
    private static void Slide(PaddedPlane f, PaddedPlane a, PaddedPlane b, int enter, int leave, Span<double> sums)
    {
        int stride = f.Stride;
        ref double to = ref MemoryMarshal.GetReference(sums);
        ref double inF = ref f.Row(enter), inA = ref a.Row(enter), inB = ref b.Row(enter);
        // Row -1 is the zero margin, so leaving it changes nothing.
        ref double outF = ref f.Row(leave), outA = ref a.Row(leave), outB = ref b.Row(leave);
        for (int x = 0; x < f.Width; x += Lanes.Count)
        {
            Vector<double> nf = Lanes.Load(ref inF, x), na = Lanes.Load(ref inA, x), nb = Lanes.Load(ref inB, x);
            Vector<double> of = Lanes.Load(ref outF, x), oa = Lanes.Load(ref outA, x), ob = Lanes.Load(ref outB, x);
            Change(ref to, x, nf - of);
            Change(ref to, stride + x, na - oa);
            Change(ref to, 2 * stride + x, nb - ob);
            Change(ref to, 3 * stride + x, nf * nf - of * of);
            Change(ref to, 4 * stride + x, na * na - oa * oa);
            Change(ref to, 5 * stride + x, nb * nb - ob * ob);
            Change(ref to, 6 * stride + x, na * nf - oa * of);
            Change(ref to, 7 * stride + x, nb * nf - ob * of);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Change(ref double sums, int index, Vector<double> by) =>
        (Lanes.Load(ref sums, index) + by).StoreUnsafe(ref Unsafe.Add(ref sums, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WindowMoments Horizontal(Span<double> sums, int stride, int x)
    {
        ref double from = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), x);
        WindowMoments m = default;
        for (int k = 0; k < Window; k++)
        {
            m.F += Lanes.Load(ref from, k);
            m.A += Lanes.Load(ref from, stride + k);
            m.B += Lanes.Load(ref from, 2 * stride + k);
            m.FF += Lanes.Load(ref from, 3 * stride + k);
            m.AA += Lanes.Load(ref from, 4 * stride + k);
            m.BB += Lanes.Load(ref from, 5 * stride + k);
            m.AF += Lanes.Load(ref from, 6 * stride + k);
            m.BF += Lanes.Load(ref from, 7 * stride + k);
        }
        return m;
    }
}
