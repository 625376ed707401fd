using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// VIF: pixel-domain visual information fidelity (VIFp of Sheikh and Bovik) of the fused picture with each source as reference, added;
/// 0 to about 2, higher is better. Smallest picture 41 x 41. A constant reference gives its half the value 1, a constant fused picture 0.
/// </summary>
public static class VisualInformationFidelity
{
    /// <summary>Smallest width and height.</summary>
    public const int MinimumSide = 41;

    internal const int Scales = 4;

    // 1 + s/2 is at most 8129 = 2^13 for levels up to 255, so 64 factors stay below 2^832: one logarithm serves 64 windows.
    private const int FactorsPerLogarithm = 64;

    /// <summary>Numerators and denominators, per scale 1 to 4.</summary>
    public sealed class Result
    {
        internal double[] NumeratorA { get; } = new double[Scales];

        internal double[] NumeratorB { get; } = new double[Scales];

        internal double[] DenominatorA { get; } = new double[Scales];

        internal double[] DenominatorB { get; } = new double[Scales];

        /// <summary>The two ratios; their sum is VIF.</summary>
        public SourceHalves Halves => new(Ratio(NumeratorA, DenominatorA), Ratio(NumeratorB, DenominatorB));

        private static double Ratio(double[] numerators, double[] denominators)
        {
            double numerator = 0, denominator = 0;
            for (int i = 0; i < Scales; i++)
                (numerator, denominator) = (numerator + numerators[i], denominator + denominators[i]);
            return denominator == 0 ? (numerator == 0 ? 1 : double.NaN) : numerator / denominator;
        }
    }

    /// <summary>VIF of the planes that <paramref name="workspace"/> holds.</summary>
    /// <exception cref="ArgumentException">A side is below <see cref="MinimumSide"/>.</exception>
    public static Result Measure(MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        (PaddedPlane f, PaddedPlane a, PaddedPlane b) = (workspace.Fused, workspace.Infrared, workspace.Visible);
        if (f.Width < MinimumSide || f.Height < MinimumSide)
            throw new ArgumentException($"VIF needs at least {MinimumSide}x{MinimumSide} pixels, the picture has {f.Width}x{f.Height}", nameof(workspace));
        Result result = new();
        Span<double> window = stackalloc double[17];
        for (int scale = 0; scale < Scales; scale++)
        {
            Span<double> taps = window[..((16 >> scale) + 1)];
            Gaussian(taps, taps.Length / 5.0);
            if (scale > 0)
            {
                int set = scale % 2;
                var smaller = workspace.Scaled(set, (f.Width - taps.Length) / 2 + 1, (f.Height - taps.Length) / 2 + 1);
                Halve(f, smaller.Fused, taps, workspace);
                Halve(a, smaller.Infrared, taps, workspace);
                Halve(b, smaller.Visible, taps, workspace);
                (f, a, b) = smaller;
            }
            OneScale(f, a, b, taps, workspace, scale, result);
        }
        return result;
    }

    /// <summary>Fills an odd number of taps with exp(-k^2 / (2 sigma^2)), normalised to sum 1.</summary>
    internal static void Gaussian(Span<double> taps, double sigma)
    {
        double sum = 0;
        for (int i = 0; i < taps.Length; i++)
        {
            double k = i - taps.Length / 2;
            sum += taps[i] = Math.Exp(-k * k / (2 * sigma * sigma));
        }
        foreach (ref double tap in taps)
            tap /= sum;
    }

    // Filters with no padding and keeps every second row and column from the first.
    private static void Halve(PaddedPlane from, PaddedPlane to, ReadOnlySpan<double> taps, MetricsWorkspace workspace)
    {
        ref double filtered = ref MemoryMarshal.GetReference(workspace.Rows(1, from.Stride));
        int columns = to.Width;
        for (int y = 0; y < to.Height; y++)
        {
            for (int x = 0; x < from.Width; x += Lanes.Count)
            {
                Vector<double> sum = default;
                for (int k = 0; k < taps.Length; k++)
                    sum = Vector.FusedMultiplyAdd(new Vector<double>(taps[k]), Lanes.Load(ref from.Row(2 * y + k), x), sum);
                sum.StoreUnsafe(ref Unsafe.Add(ref filtered, x));
            }
            Span<double> row = to.RowSpan(y);
            for (int x = 0; x < columns; x++)
            {
                double sum = 0;
                for (int k = 0; k < taps.Length; k++)
                    sum += taps[k] * Unsafe.Add(ref filtered, 2 * x + k);
                row[x] = sum;
            }
        }
    }

    private static void OneScale(PaddedPlane f, PaddedPlane a, PaddedPlane b, ReadOnlySpan<double> taps, MetricsWorkspace workspace, int scale, Result result)
    {
        int columns = f.Width - taps.Length + 1, rows = f.Height - taps.Length + 1;
        Span<double> sums = workspace.Rows(8, f.Stride);
        InformationSum infrared = new(), visible = new();
        int pending = 0;
        for (int y = 0; y < rows; y++)
        {
            Vertical(f, a, b, y, taps, sums);
            for (int x = 0; x < columns; x += Lanes.Count)
            {
                WindowMoments m = Horizontal(sums, f.Stride, x, taps);
                Vector<long> mask = Lanes.Mask(x, columns);
                Vector<double> s22 = Vector.Max(m.FF - m.F * m.F, Vector<double>.Zero);
                infrared.Add(m.A, m.AA, m.AF, m.F, s22, mask);
                visible.Add(m.B, m.BB, m.BF, m.F, s22, mask);
                if (++pending == FactorsPerLogarithm)
                {
                    infrared.Flush();
                    visible.Flush();
                    pending = 0;
                }
            }
        }
        infrared.Flush();
        visible.Flush();
        (result.NumeratorA[scale], result.DenominatorA[scale]) = (infrared.Numerator, infrared.Denominator);
        (result.NumeratorB[scale], result.DenominatorB[scale]) = (visible.Numerator, visible.Denominator);
    }

    // Eight rows of vertical window sums for the windows that begin in row y: F, A, B, FF, AA, BB, AF, BF.
    private static void Vertical(PaddedPlane f, PaddedPlane a, PaddedPlane b, int y, ReadOnlySpan<double> taps, Span<double> sums)
    {
        int stride = f.Stride;
        ref double to = ref MemoryMarshal.GetReference(sums);
        ref double rowF = ref f.Row(y), rowA = ref a.Row(y), rowB = ref b.Row(y);
        for (int x = 0; x < f.Width; x += Lanes.Count)
        {
            WindowMoments m = default;
            for (int k = 0; k < taps.Length; k++)
            {
                Vector<double> tap = new(taps[k]);
                Vector<double> vf = Lanes.Load(ref rowF, k * stride + x), va = Lanes.Load(ref rowA, k * stride + x), vb = Lanes.Load(ref rowB, k * stride + x);
                Vector<double> wf = tap * vf, wa = tap * va, wb = tap * vb;
                m.F += wf;
                m.A += wa;
                m.B += wb;
                m.FF = Vector.FusedMultiplyAdd(wf, vf, m.FF);
                m.AA = Vector.FusedMultiplyAdd(wa, va, m.AA);
                m.BB = Vector.FusedMultiplyAdd(wb, vb, m.BB);
                m.AF = Vector.FusedMultiplyAdd(wa, vf, m.AF);
                m.BF = Vector.FusedMultiplyAdd(wb, vf, m.BF);
            }
            m.F.StoreUnsafe(ref Unsafe.Add(ref to, x));
            m.A.StoreUnsafe(ref Unsafe.Add(ref to, stride + x));
            m.B.StoreUnsafe(ref Unsafe.Add(ref to, 2 * stride + x));
            m.FF.StoreUnsafe(ref Unsafe.Add(ref to, 3 * stride + x));
            m.AA.StoreUnsafe(ref Unsafe.Add(ref to, 4 * stride + x));
            m.BB.StoreUnsafe(ref Unsafe.Add(ref to, 5 * stride + x));
            m.AF.StoreUnsafe(ref Unsafe.Add(ref to, 6 * stride + x));
            m.BF.StoreUnsafe(ref Unsafe.Add(ref to, 7 * stride + x));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WindowMoments Horizontal(Span<double> sums, int stride, int x, ReadOnlySpan<double> taps)
    {
        ref double from = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), x);
        WindowMoments m = default;
        for (int k = 0; k < taps.Length; k++)
        {
            Vector<double> tap = new(taps[k]);
            m.F = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, k), m.F);
            m.A = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, stride + k), m.A);
            m.B = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, 2 * stride + k), m.B);
            m.FF = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, 3 * stride + k), m.FF);
            m.AA = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, 4 * stride + k), m.AA);
            m.BB = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, 5 * stride + k), m.BB);
            m.AF = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, 6 * stride + k), m.AF);
            m.BF = Vector.FusedMultiplyAdd(tap, Lanes.Load(ref from, 7 * stride + k), m.BF);
        }
        return m;
    }
}
