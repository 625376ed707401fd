using System.Numerics;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>SF: strength of the steps between neighbouring pixels of the fused picture, in gray levels, from 0; higher is better.</summary>
public static class SpatialFrequency
{
    /// <summary>Mean squared step along rows and along columns; SF is the root of their sum.</summary>
    /// <param name="Rows">Mean over the H (W - 1) horizontal pairs; 0 where there is none.</param>
    /// <param name="Columns">Mean over the (H - 1) W vertical pairs; 0 where there is none.</param>
    public readonly record struct Steps(double Rows, double Columns)
    {
        /// <summary>SF.</summary>
        public double Value => Math.Sqrt(Rows + Columns);
    }

    /// <summary>The steps of <paramref name="fused"/>.</summary>
    public static Steps Measure(GrayPlane fused)
    {
        ArgumentNullException.ThrowIfNull(fused);
        int width = fused.Width, height = fused.Height;
        long rows = 0, columns = 0;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = fused.Row(y);
            rows += SquaredDifferences(row[1..], row[..^1]);
            if (y > 0)
                columns += SquaredDifferences(row, fused.Row(y - 1));
        }
        return new Steps(Mean(rows, (long)height * (width - 1)), Mean(columns, (long)(height - 1) * width));
    }

    private static double Mean(long sum, long count) => count == 0 ? 0 : (double)sum / count;

    // One row: 32-bit lanes hold 66051 squares of 255, which a row of a million pixels does not reach.
    private static long SquaredDifferences(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        Vector<uint> sum = default;
        int x = 0;
        for (; x <= a.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector<byte> va = new(a[x..]), vb = new(b[x..]);
            Vector.Widen(Vector.Max(va, vb) - Vector.Min(va, vb), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low * low, out Vector<uint> s0, out Vector<uint> s1);
            Vector.Widen(high * high, out Vector<uint> s2, out Vector<uint> s3);
            sum += s0 + s1 + s2 + s3;
        }
        long total = 0;
        for (int i = 0; i < Vector<uint>.Count; i++)
            total += sum[i];
        for (; x < a.Length; x++)
            total += (a[x] - b[x]) * (a[x] - b[x]);
        return total;
    }
}
