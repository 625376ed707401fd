using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EmmaStream.Fusion.Classical;

/// <summary>
/// Halving and doubling with the kernel 1-4-6-4-1, sample for sample as OpenCV's pyrDown and pyrUp with their default border: reflection
/// without repeating the edge (101) at the fine size. Results agree to float rounding. Steps work on rows; vertical first. Each vector path has a scalar twin,
/// which is its definition.
/// </summary>
internal static class PyramidRows
{
    /// <summary>Samples that <see cref="Halve"/> needs readable on either side of its source.</summary>
    public const int Margin = 2;

    /// <summary>Half of an extent, rounded up: the size that pyrDown makes.</summary>
    public static int Half(int extent) => (extent + 1) / 2;

    /// <summary>Reflects an index into [0, extent) without repeating the edge, as often as it takes.</summary>
    public static int Reflect101(int at, int extent)
    {
        if (extent == 1)
            return 0;
        while (at < 0 || at >= extent)
            at = at < 0 ? -at : 2 * (extent - 1) - at;
        return at;
    }

    /// <summary>Index of the coarse row that doubling reads for <paramref name="at"/>: reflected at the fine size, so the last one is repeated.</summary>
    public static int CoarseRow(int at, int extent) => Reflect101(2 * at, 2 * extent) / 2;

    /// <summary>Weighted sum of five rows: <c>a + 4 b + 6 c + 4 d + e</c>.</summary>
    public static void SumFive(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, ReadOnlySpan<float> e, Span<float> sum)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done <= sum.Length - 8; done += 8)
                (At(a, done) + At(e, done) + (At(b, done) + At(d, done)) * 4f + At(c, done) * 6f).CopyTo(sum[done..]);
        }
        for (; done < sum.Length; done++)
            sum[done] = a[done] + e[done] + (b[done] + d[done]) * 4f + c[done] * 6f;
    }

    /// <summary>Even fine rows: <c>a + 6 b + c</c>.</summary>
    public static void SumThree(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> sum)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done <= sum.Length - 8; done += 8)
                (At(a, done) + At(c, done) + At(b, done) * 6f).CopyTo(sum[done..]);
        }
        for (; done < sum.Length; done++)
            sum[done] = a[done] + c[done] + b[done] * 6f;
    }

    /// <summary>Odd fine rows: <c>4 (a + b)</c>.</summary>
    public static void SumTwo(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sum)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done <= sum.Length - 8; done += 8)
                ((At(a, done) + At(b, done)) * 4f).CopyTo(sum[done..]);
        }
        for (; done < sum.Length; done++)
            sum[done] = (a[done] + b[done]) * 4f;
    }

    /// <summary>Halves a row of vertical sums and brings the weights' sum of 256 back to 1.</summary>
    /// <param name="padded">The row with <see cref="Margin"/> samples on either side, which are overwritten.</param>
    /// <param name="half">Receives <see cref="Half"/> of the row's samples.</param>
    public static void Halve(Span<float> padded, Span<float> half)
    {
        int width = padded.Length - 2 * Margin;
        Span<float> row = padded[Margin..];
        padded[0] = row[Reflect101(-2, width)];
        padded[1] = row[Reflect101(-1, width)];
        row[width] = row[Reflect101(width, width)];
        row[width + 1] = row[Reflect101(width + 1, width)];
        int done = Sse.IsSupported ? HalveVector(padded, half) : 0;
        HalveScalar(padded[(2 * done)..], half[done..]);
    }

    /// <summary>Doubles a row of vertical sums and brings the weights' sum of 64 back to 1.</summary>
    /// <param name="coarse">n samples.</param>
    /// <param name="fine">Receives 2n or 2n - 1 samples.</param>
    public static void Double(ReadOnlySpan<float> coarse, Span<float> fine)
    {
        int last = coarse.Length - 1;
        if (last == 0)
        {
            fine.Fill(coarse[0] * (8f / 64f));
            return;
        }
        fine[0] = (coarse[0] * 6f + coarse[1] * 2f) * (1f / 64f);
        fine[1] = (coarse[0] + coarse[1]) * (4f / 64f);
        int done = 1 + (Sse.IsSupported ? DoubleVector(coarse, fine) : 0);
        DoubleScalar(coarse, fine, done);
        fine[2 * last] = (coarse[last - 1] + coarse[last] * 7f) * (1f / 64f);
        if (fine.Length > 2 * last + 1)
            fine[2 * last + 1] = coarse[last] * (8f / 64f);
    }

    internal static void HalveScalar(ReadOnlySpan<float> padded, Span<float> half)
    {
        for (int x = 0; x < half.Length; x++)
        {
            ReadOnlySpan<float> s = padded.Slice(2 * x, 5);
            half[x] = (s[0] + s[4] + (s[1] + s[3]) * 4f + s[2] * 6f) * (1f / 256f);
        }
    }

    /// <summary>Samples 2 <paramref name="first"/> up to the last pair but one.</summary>
    internal static void DoubleScalar(ReadOnlySpan<float> coarse, Span<float> fine, int first)
    {
        for (int x = first; x < coarse.Length - 1; x++)
        {
            fine[2 * x] = (coarse[x - 1] + coarse[x] * 6f + coarse[x + 1]) * (1f / 64f);
            fine[2 * x + 1] = (coarse[x] + coarse[x + 1]) * (4f / 64f);
        }
    }

    /// <summary>Four results a turn from twelve samples: shuffles part the even from the odd ones of eight.</summary>
    private static int HalveVector(ReadOnlySpan<float> padded, Span<float> half)
    {
        const byte Even = 0b10_00_10_00, Odd = 0b11_01_11_01;
        int x = 0;
        for (; x <= half.Length - 4 && 2 * x + 12 <= padded.Length; x += 4)
        {
            Vector128<float> s0 = Four(padded, 2 * x), s4 = Four(padded, 2 * x + 4), s8 = Four(padded, 2 * x + 8);
            Vector128<float> even0 = Sse.Shuffle(s0, s4, Even), odd0 = Sse.Shuffle(s0, s4, Odd);       // 0 2 4 6, 1 3 5 7
            Vector128<float> even2 = Sse.Shuffle(Four(padded, 2 * x + 2), Four(padded, 2 * x + 6), Even);
            Vector128<float> odd2 = Sse.Shuffle(Four(padded, 2 * x + 2), Four(padded, 2 * x + 6), Odd);
            Vector128<float> even4 = Sse.Shuffle(s4, s8, Even);
            ((even0 + even4 + (odd0 + odd2) * 4f + even2 * 6f) * (1f / 256f)).CopyTo(half[x..]);
        }
        return x;
    }

    /// <summary>Eight results a turn from x = 1 on; unpacking interleaves even and odd ones. Returns how many coarse samples are done.</summary>
    private static int DoubleVector(ReadOnlySpan<float> coarse, Span<float> fine)
    {
        int x = 1;
        for (; x + 5 <= coarse.Length && 2 * x + 8 <= fine.Length; x += 4)
        {
            Vector128<float> before = Four(coarse, x - 1), at = Four(coarse, x), after = Four(coarse, x + 1);
            Vector128<float> even = (before + at * 6f + after) * (1f / 64f), odd = (at + after) * (4f / 64f);
            Sse.UnpackLow(even, odd).CopyTo(fine[(2 * x)..]);
            Sse.UnpackHigh(even, odd).CopyTo(fine[(2 * x + 4)..]);
        }
        return x - 1;
    }

    private static Vector128<float> Four(ReadOnlySpan<float> row, int index) => Vector128.Create(row.Slice(index, 4));

    private static Vector256<float> At(ReadOnlySpan<float> row, int index) => Vector256.Create(row.Slice(index, 8));
}
