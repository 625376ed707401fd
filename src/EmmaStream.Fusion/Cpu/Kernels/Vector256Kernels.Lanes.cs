using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>The kernels for AVX2 with FMA: 16 registers of 8 floats, tiles of 4 outputs x 3 vectors.</summary>
internal unsafe partial struct Vector256Kernels : IKernels
{
    /// <summary>Floats in a vector.</summary>
    private const int Lanes = 8;

    public static string Name => "avx2";

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    private static Vector256<int> LaneNumbers => Vector256<int>.Indices;

    /// <summary>Lane n is lane n - 1 of <paramref name="current"/>; lane 0 is the last of <paramref name="previous"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromLeft(Vector256<float> previous, Vector256<float> current)
    {
        // [upper half of previous, lower half of current]: what each half of the result takes its first lane from.
        Vector256<float> between = Avx.Permute2x128(previous, current, 0x21);
        return Avx2.AlignRight(current.AsByte(), between.AsByte(), 12).AsSingle();
    }

    /// <summary>Lane n is lane n + 1 of <paramref name="current"/>; the last lane is lane 0 of <paramref name="next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromRight(Vector256<float> current, Vector256<float> next)
    {
        Vector256<float> between = Avx.Permute2x128(current, next, 0x21);
        return Avx2.AlignRight(between.AsByte(), current.AsByte(), 4).AsSingle();
    }

    /// <summary>Lanes 0, 2, 4 ... of <paramref name="a"/>, then those of <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> EvenLanes(Vector256<float> a, Vector256<float> b)
        => Avx2.Permute4x64(Avx.Shuffle(a, b, 0b10_00_10_00).AsDouble(), 0b11_01_10_00).AsSingle();

    /// <summary>Lanes 1, 3, 5 ... of <paramref name="a"/>, then those of <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> OddLanes(Vector256<float> a, Vector256<float> b)
        => Avx2.Permute4x64(Avx.Shuffle(a, b, 0b11_01_11_01).AsDouble(), 0b11_01_10_00).AsSingle();

    /// <summary>a0 b0 a1 b1 ... of the lower half of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> InterleaveLower(Vector256<float> a, Vector256<float> b)
        => Avx.Permute2x128(Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), 0x20);

    /// <summary>The same of the upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> InterleaveUpper(Vector256<float> a, Vector256<float> b)
        => Avx.Permute2x128(Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), 0x31);
}
