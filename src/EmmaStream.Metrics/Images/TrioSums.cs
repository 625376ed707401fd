using System.Numerics;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// The sums over all pixels that SD, MSE, PSNR, CC and SCD are made of, for F (fused), A (infrared), B (visible). They are whole numbers and
/// exact, so "constant" and "equal" are decided without rounding.
/// </summary>
/// <param name="Count">Pixels.</param>
/// <param name="F">Sum of F.</param>
/// <param name="A">Sum of A.</param>
/// <param name="B">Sum of B.</param>
/// <param name="FF">Sum of F squared.</param>
/// <param name="AA">Sum of A squared.</param>
/// <param name="BB">Sum of B squared.</param>
/// <param name="AF">Sum of A times F.</param>
/// <param name="BF">Sum of B times F.</param>
/// <param name="AB">Sum of A times B.</param>
/// <param name="Peak">Largest F.</param>
public readonly record struct TrioSums(long Count, long F, long A, long B, long FF, long AA, long BB, long AF, long BF, long AB, int Peak)
{
    /// <summary>The sums of one trio.</summary>
    public static TrioSums Of(in PlaneTrio planes)
    {
        ReadOnlySpan<byte> f = planes.Fused.Samples, a = planes.Infrared.Samples, b = planes.Visible.Samples;
        TrioSums sums = default;
        // 32-bit lanes hold 66051 squares of 255; a block of 16384 vectors adds at most 4 to a lane each.
        int block = 16384 * Vector<byte>.Count;
        for (int start = 0; start < f.Length; start += block)
        {
            int length = Math.Min(block, f.Length - start);
            sums = sums.Plus(OfBlock(f.Slice(start, length), a.Slice(start, length), b.Slice(start, length)));
        }
        return sums;
    }

    private static TrioSums OfBlock(ReadOnlySpan<byte> f, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        Vector<uint> sf = default, sa = default, sb = default, ff = default, aa = default, bb = default, af = default, bf = default, ab = default;
        Vector<byte> peaks = default;
        int x = 0;
        for (; x <= f.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector<byte> vf = new(f[x..]), va = new(a[x..]), vb = new(b[x..]);
            peaks = Vector.Max(peaks, vf);
            Vector.Widen(vf, out Vector<ushort> f0, out Vector<ushort> f1);
            Vector.Widen(va, out Vector<ushort> a0, out Vector<ushort> a1);
            Vector.Widen(vb, out Vector<ushort> b0, out Vector<ushort> b1);
            sf += Folded(f0 + f1);
            sa += Folded(a0 + a1);
            sb += Folded(b0 + b1);
            // 255 x 255 = 65025 fits 16 bits.
            ff += Folded(f0 * f0) + Folded(f1 * f1);
            aa += Folded(a0 * a0) + Folded(a1 * a1);
            bb += Folded(b0 * b0) + Folded(b1 * b1);
            af += Folded(a0 * f0) + Folded(a1 * f1);
            bf += Folded(b0 * f0) + Folded(b1 * f1);
            ab += Folded(a0 * b0) + Folded(a1 * b1);
        }
        int peak = 0;
        for (int i = 0; i < Vector<byte>.Count; i++)
            peak = Math.Max(peak, peaks[i]);
        TrioSums vectors = new(x, Total(sf), Total(sa), Total(sb), Total(ff), Total(aa), Total(bb), Total(af), Total(bf), Total(ab), peak);
        return vectors.Plus(Scalar(f[x..], a[x..], b[x..]));
    }

    private static TrioSums Scalar(ReadOnlySpan<byte> f, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sf = 0, sa = 0, sb = 0, ff = 0, aa = 0, bb = 0, af = 0, bf = 0, ab = 0;
        int peak = 0;
        for (int x = 0; x < f.Length; x++)
        {
            int vf = f[x], va = a[x], vb = b[x];
            peak = Math.Max(peak, vf);
            (sf, sa, sb) = (sf + vf, sa + va, sb + vb);
            (ff, aa, bb) = (ff + vf * vf, aa + va * va, bb + vb * vb);
            (af, bf, ab) = (af + va * vf, bf + vb * vf, ab + va * vb);
        }
        return new(f.Length, sf, sa, sb, ff, aa, bb, af, bf, ab, peak);
    }

    private TrioSums Plus(in TrioSums o) => new(
        Count + o.Count, F + o.F, A + o.A, B + o.B, FF + o.FF, AA + o.AA, BB + o.BB, AF + o.AF, BF + o.BF, AB + o.AB, Math.Max(Peak, o.Peak));

    private static Vector<uint> Folded(Vector<ushort> v)
    {
        Vector.Widen(v, out Vector<uint> low, out Vector<uint> high);
        return low + high;
    }

    private static long Total(Vector<uint> lanes)
    {
        long total = 0;
        for (int i = 0; i < Vector<uint>.Count; i++)
            total += lanes[i];
        return total;
    }
}
