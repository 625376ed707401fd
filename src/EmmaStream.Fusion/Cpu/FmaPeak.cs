using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmmaStream.Fusion.Cpu.Kernels;

namespace EmmaStream.Fusion.Cpu;

/// <summary>
/// The most float32 operations that one core does here and now, with the vectors that <see cref="EmmaCpuFuser"/> uses: independent chains of
/// multiply-adds in registers. For benches.
/// </summary>
public static class FmaPeak
{
    private const int Rounds = 400_000;

    /// <summary>Width of the vectors that the engine computes with here, in bits: 512, 256, or 32 without SIMD.</summary>
    public static int VectorBits => Vector512Kernels.IsSupported ? 512 : Vector256Kernels.IsSupported ? 256 : 32;

    /// <summary>GFLOP/s of one core, a multiply-add counted as two operations; the best of a few short runs, some 10 ms in all.</summary>
    public static double Measure()
    {
        double best = 0;
        for (int i = 0; i < 8; i++)
        {
            long start = Stopwatch.GetTimestamp();
            float sum = VectorBits switch { 512 => Chains512(), 256 => Chains256(), _ => Chains32() };
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (float.IsNaN(sum))
                throw new InvalidOperationException("the chains must stay finite");
            best = Math.Max(best, 2.0 * (VectorBits / 32) * 12 * Rounds / seconds / 1e9);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains512()
    {
        Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(0.001f);
        Vector512<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < Rounds; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, a, b);
            c1 = Vector512.FusedMultiplyAdd(c1, a, b);
            c2 = Vector512.FusedMultiplyAdd(c2, a, b);
            c3 = Vector512.FusedMultiplyAdd(c3, a, b);
            c4 = Vector512.FusedMultiplyAdd(c4, a, b);
            c5 = Vector512.FusedMultiplyAdd(c5, a, b);
            c6 = Vector512.FusedMultiplyAdd(c6, a, b);
            c7 = Vector512.FusedMultiplyAdd(c7, a, b);
            c8 = Vector512.FusedMultiplyAdd(c8, a, b);
            c9 = Vector512.FusedMultiplyAdd(c9, a, b);
            c10 = Vector512.FusedMultiplyAdd(c10, a, b);
            c11 = Vector512.FusedMultiplyAdd(c11, a, b);
        }
        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + (c6 + c7 + c8 + c9 + c10 + c11));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains256()
    {
        Vector256<float> a = Vector256.Create(0.999f), b = Vector256.Create(0.001f);
        Vector256<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < Rounds; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(c0, a, b);
            c1 = Vector256.FusedMultiplyAdd(c1, a, b);
            c2 = Vector256.FusedMultiplyAdd(c2, a, b);
            c3 = Vector256.FusedMultiplyAdd(c3, a, b);
            c4 = Vector256.FusedMultiplyAdd(c4, a, b);
            c5 = Vector256.FusedMultiplyAdd(c5, a, b);
            c6 = Vector256.FusedMultiplyAdd(c6, a, b);
            c7 = Vector256.FusedMultiplyAdd(c7, a, b);
            c8 = Vector256.FusedMultiplyAdd(c8, a, b);
            c9 = Vector256.FusedMultiplyAdd(c9, a, b);
            c10 = Vector256.FusedMultiplyAdd(c10, a, b);
            c11 = Vector256.FusedMultiplyAdd(c11, a, b);
        }
        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + (c6 + c7 + c8 + c9 + c10 + c11));
    }

    // The scalar kernels multiply and add in two instructions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains32()
    {
        float a = 0.999f, b = 0.001f;
        float c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < Rounds; i++)
        {
            c0 = (c0 * a) + b;
            c1 = (c1 * a) + b;
            c2 = (c2 * a) + b;
            c3 = (c3 * a) + b;
            c4 = (c4 * a) + b;
            c5 = (c5 * a) + b;
            c6 = (c6 * a) + b;
            c7 = (c7 * a) + b;
            c8 = (c8 * a) + b;
            c9 = (c9 * a) + b;
            c10 = (c10 * a) + b;
            c11 = (c11 * a) + b;
        }
        return c0 + c1 + c2 + c3 + c4 + c5 + (c6 + c7 + c8 + c9 + c10 + c11);
    }
}
