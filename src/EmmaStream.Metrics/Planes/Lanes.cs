using System.Numerics;
using System.Runtime.CompilerServices;

namespace EmmaStream.Metrics.Planes;

/// <summary>Whole vectors over rows whose width is no multiple of the vector: the last vector reads the margin, and its spare lanes are masked out.</summary>
internal static class Lanes
{
    /// <summary>Doubles in a vector.</summary>
    public static int Count => Vector<double>.Count;

    /// <summary>All bits set in the lanes whose column <paramref name="x"/> + lane is below <paramref name="width"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<long> Mask(int x, int width) =>
        Vector.LessThan(Vector<long>.Indices, new Vector<long>(width - x));

    /// <summary>The vector that begins <paramref name="x"/> samples after <paramref name="row"/>; x may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Load(ref double row, int x) => Vector.LoadUnsafe(ref Unsafe.Add(ref row, x));

    /// <summary><paramref name="value"/> where the mask is set, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Keep(Vector<long> mask, Vector<double> value) => Vector.ConditionalSelect(mask, value, Vector<double>.Zero);
}
