using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EmmaStream.Fusion.Classical;

/// <summary>Pixel-wise steps over rows of equal length. Each has a scalar twin, which is its definition and does the remainder.</summary>
internal static class PixelRows
{
    /// <summary><c>(a + b) * 0.5f</c>.</summary>
    public static void Average(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> half = Vector256.Create(0.5f);
            for (; done <= result.Length - Vector256<float>.Count; done += Vector256<float>.Count)
                ((At(a, done) + At(b, done)) * half).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)done);
        }
        AverageScalar(a[done..], b[done..], result[done..]);
    }

    /// <summary>The larger of a and b; NaN where one is NaN.</summary>
    public static void Maximum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done <= result.Length - Vector256<float>.Count; done += Vector256<float>.Count)
                Vector256.Max(At(a, done), At(b, done)).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)done);
        }
        MaximumScalar(a[done..], b[done..], result[done..]);
    }

    /// <summary>
    /// One row of a fused Laplacian level: <c>base + detail</c>, where detail is that of the source with the larger magnitude, the infrared's
    /// at ties: <c>infrared - infraredBase</c> or <c>visible - visibleBase</c>. The base rows are brought up from the level below.
    /// </summary>
    public static void AddStrongerDetail(
        ReadOnlySpan<float> infrared, ReadOnlySpan<float> infraredBase, ReadOnlySpan<float> visible, ReadOnlySpan<float> visibleBase, Span<float> fused)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done <= fused.Length - Vector256<float>.Count; done += Vector256<float>.Count)
            {
                Vector256<float> ir = At(infrared, done) - At(infraredBase, done), vi = At(visible, done) - At(visibleBase, done);
                Vector256<float> infraredWins = Vector256.GreaterThanOrEqual(Vector256.Abs(ir), Vector256.Abs(vi));
                (At(fused, done) + Vector256.ConditionalSelect(infraredWins, ir, vi)).StoreUnsafe(ref MemoryMarshal.GetReference(fused), (nuint)done);
            }
        }
        AddStrongerDetailScalar(infrared[done..], infraredBase[done..], visible[done..], visibleBase[done..], fused[done..]);
    }

    /// <summary>Clips to [0, 1]; NaN becomes 0.</summary>
    public static void Clip(Span<float> row)
    {
        for (int x = 0; x < row.Length; x++)
            row[x] = row[x] > 0 ? row[x] < 1 ? row[x] : 1 : 0;
    }

    internal static void AverageScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        for (int x = 0; x < result.Length; x++)
            result[x] = (a[x] + b[x]) * 0.5f;
    }

    internal static void MaximumScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        for (int x = 0; x < result.Length; x++)
            result[x] = Math.Max(a[x], b[x]);
    }

    internal static void AddStrongerDetailScalar(
        ReadOnlySpan<float> infrared, ReadOnlySpan<float> infraredBase, ReadOnlySpan<float> visible, ReadOnlySpan<float> visibleBase, Span<float> fused)
    {
        for (int x = 0; x < fused.Length; x++)
        {
            float ir = infrared[x] - infraredBase[x], vi = visible[x] - visibleBase[x];
            fused[x] += Math.Abs(ir) >= Math.Abs(vi) ? ir : vi;
        }
    }

    /// <summary>Eight samples from <paramref name="index"/> on; the slice checks that they are there.</summary>
    private static Vector256<float> At(ReadOnlySpan<float> row, int index) => Vector256.Create(row.Slice(index, Vector256<float>.Count));
}
