using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>
/// The kernels for AVX-512: 32 registers of 16 floats, tiles of 8 outputs x 3 vectors. Everything but the moves between lanes in this file
/// and the generated tiles is written once, for this class; the AVX2 twin is derived from it.
/// </summary>
internal unsafe partial struct Vector512Kernels : IKernels
{
    /// <summary>Floats in a vector.</summary>
    private const int Lanes = 16;

    public static string Name => "avx-512";

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    private static Vector512<int> LaneNumbers => Vector512<int>.Indices;

    /// <summary>Lane n is lane n - 1 of <paramref name="current"/>; lane 0 is the last of <paramref name="previous"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromLeft(Vector512<float> previous, Vector512<float> current)
        => Avx512F.AlignRight32(current.AsInt32(), previous.AsInt32(), 15).AsSingle();

    /// <summary>Lane n is lane n + 1 of <paramref name="current"/>; the last lane is lane 0 of <paramref name="next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromRight(Vector512<float> current, Vector512<float> next)
        => Avx512F.AlignRight32(next.AsInt32(), current.AsInt32(), 1).AsSingle();

    /// <summary>Lanes 0, 2, 4 ... of <paramref name="a"/>, then those of <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> EvenLanes(Vector512<float> a, Vector512<float> b)
        => Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), b);

    /// <summary>Lanes 1, 3, 5 ... of <paramref name="a"/>, then those of <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> OddLanes(Vector512<float> a, Vector512<float> b)
        => Avx512F.PermuteVar16x32x2(a, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), b);

    /// <summary>a0 b0 a1 b1 ... of the lower half of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> InterleaveLower(Vector512<float> a, Vector512<float> b)
        => Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), b);

    /// <summary>The same of the upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> InterleaveUpper(Vector512<float> a, Vector512<float> b)
        => Avx512F.PermuteVar16x32x2(a, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), b);
}
