using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <content>Norms, Gram sums and the moves between layouts.</content>
internal unsafe partial struct Vector512Kernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(float* x, float* y, in PhaseLayout layout, int length, float* weight, float* bias)
    {
        nint stride = layout.ChannelStride;
        int channels = layout.Channels;
        Vector512<float> share = Vector512.Create(1f / channels), epsilon = Vector512.Create(1e-5f), one = Vector512<float>.One;
        for (nint n = 0; n < length; n += Lanes)
        {
            Vector512<float> sumA = Vector512<float>.Zero, sumB = sumA;
            float* at = x + n;
            for (int c = 0; c < channels; c += 2, at += 2 * stride)
            {
                sumA += Vector512.Load(at);
                sumB += Vector512.Load(at + stride);
            }
            Vector512<float> mean = (sumA + sumB) * share;
            sumA = sumB = Vector512<float>.Zero;
            at = x + n;
            for (int c = 0; c < channels; c += 2, at += 2 * stride)
            {
                Vector512<float> a = Vector512.Load(at) - mean, b = Vector512.Load(at + stride) - mean;
                sumA = Vector512.FusedMultiplyAdd(a, a, sumA);
                sumB = Vector512.FusedMultiplyAdd(b, b, sumB);
            }
            Vector512<float> scale = one / Vector512.Sqrt(Vector512.FusedMultiplyAdd(sumA + sumB, share, epsilon));
            at = x + n;
            float* to = y + n;
            if (weight == null)
            {
                for (int c = 0; c < channels; c++, at += stride, to += stride)
                    ((Vector512.Load(at) - mean) * scale).Store(to);
            }
            else
            {
                for (int c = 0; c < channels; c++, at += stride, to += stride)
                    Vector512.FusedMultiplyAdd((Vector512.Load(at) - mean) * scale, Vector512.Create(weight[c]), Vector512.Create(bias[c])).Store(to);
            }
        }
    }

    /// <summary>0.5 x (1 + erf(x / sqrt 2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gelu(Vector512<float> x)
    {
        Vector512<float> z = x * Vector512.Create(Winograd.SqrtHalf);
        z = Vector512.MinNative(Vector512.MaxNative(z, Vector512.Create(-ErrorFunction.Limit)), Vector512.Create(ErrorFunction.Limit));
        Vector512<float> u = z * z, p = Vector512.Create(ErrorFunction.P5), q = Vector512.Create(ErrorFunction.Q5);
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(ErrorFunction.P4));
        q = Vector512.FusedMultiplyAdd(q, u, Vector512.Create(ErrorFunction.Q4));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(ErrorFunction.P3));
        q = Vector512.FusedMultiplyAdd(q, u, Vector512.Create(ErrorFunction.Q3));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(ErrorFunction.P2));
        q = Vector512.FusedMultiplyAdd(q, u, Vector512.Create(ErrorFunction.Q2));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(ErrorFunction.P1));
        q = Vector512.FusedMultiplyAdd(q, u, Vector512.Create(ErrorFunction.Q1));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(ErrorFunction.P0));
        q = Vector512.FusedMultiplyAdd(q, u, Vector512<float>.One);
        Vector512<float> half = x * Vector512.Create(0.5f);
        return Vector512.FusedMultiplyAdd(half, z * p / q, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gram(float** q, float** k, int rows, in PhaseLayout layout, double* sums)
    {
        int c = layout.Channels / 8;
        nint stride = layout.ChannelStride;
        for (nint at = 0; at < 8 * c * stride; at += c * stride, sums += (c * c) + (2 * c))
        {
            if (c == 2)
            {
                GramPair(q, k, rows, at, at, true, layout, sums, sums + 2, sums + 4);
                continue;
            }
            for (int i = 0; i < 4; i += 2)
            {
                double* row = sums + (i * 4);
                nint own = at + (i * stride), other = at + ((2 - i) * stride);
                GramPair(q, k, rows, own, own, true, layout, row + i, row + 4 + i, sums + 16 + i);
                GramPair(q, k, rows, own, other, false, layout, row + 2 - i, row + 6 - i, null);
            }
        }
    }

    /// <summary>
    /// Over the pixels of the picture: q0.k0, q0.k1 and q1.k0, q1.k1; where the k channels have <paramref name="own"/> the numbers of q's, also
    /// q0.q0, q1.q1, k0.k0, k1.k1. Eight sums hide the latency of the multiply-adds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GramPair(float** q, float** k, int rows, nint qAt, nint kAt, bool own, in PhaseLayout layout, double* row0, double* row1, double* squares)
    {
        nint stride = layout.ChannelStride;
        int c = layout.Channels / 8;
        Vector512<float> q0k0 = Vector512<float>.Zero, q0k1 = q0k0, q1k0 = q0k0, q1k1 = q0k0, q0q0 = q0k0, q1q1 = q0k0, k0k0 = q0k0, k1k1 = q0k0;
        for (int phase = 0; phase < 4; phase++)
        {
            for (int r = 0; r < rows; r++)
            {
                float* x = q[r] + qAt + layout.Phase(phase), y = k[r] + kAt + layout.Phase(phase);
                for (int left = layout.PixelsOf(phase); left > 0; left -= Lanes, x += Lanes, y += Lanes)
                {
                    Vector512<float> q0 = Within(Vector512.Load(x), left), q1 = Within(Vector512.Load(x + stride), left);
                    Vector512<float> k0 = Within(Vector512.Load(y), left), k1 = Within(Vector512.Load(y + stride), left);
                    q0k0 = Vector512.FusedMultiplyAdd(q0, k0, q0k0);
                    q0k1 = Vector512.FusedMultiplyAdd(q0, k1, q0k1);
                    q1k0 = Vector512.FusedMultiplyAdd(q1, k0, q1k0);
                    q1k1 = Vector512.FusedMultiplyAdd(q1, k1, q1k1);
                    if (!own)
                        continue;
                    q0q0 = Vector512.FusedMultiplyAdd(q0, q0, q0q0);
                    q1q1 = Vector512.FusedMultiplyAdd(q1, q1, q1q1);
                    k0k0 = Vector512.FusedMultiplyAdd(k0, k0, k0k0);
                    k1k1 = Vector512.FusedMultiplyAdd(k1, k1, k1k1);
                }
            }
        }
        row0[0] += Vector512.Sum(q0k0);
        row0[1] += Vector512.Sum(q0k1);
        row1[0] += Vector512.Sum(q1k0);
        row1[1] += Vector512.Sum(q1k1);
        if (!own)
            return;
        squares[0] += Vector512.Sum(q0q0);
        squares[1] += Vector512.Sum(q1q1);
        squares[c] += Vector512.Sum(k0k0);
        squares[c + 1] += Vector512.Sum(k1k1);
    }

    /// <summary>Zero in the lanes from <paramref name="count"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Within(Vector512<float> v, int count)
        => count >= Lanes ? v : v & Vector512.LessThan(LaneNumbers, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Even(float* x, float* y, int count)
    {
        for (int n = 0; n < count; n += Lanes)
            EvenLanes(Vector512.Load(x + (2 * n)), Vector512.Load(x + (2 * n) + Lanes)).Store(y + n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InterleaveRelu(float* a, float* b, float* y, int count)
    {
        for (int n = 0; n < count; n += Lanes)
        {
            Vector512<float> v = Vector512.MaxNative(Vector512.Load(a + n), Vector512<float>.Zero), w = Vector512.MaxNative(Vector512.Load(b + n), Vector512<float>.Zero);
            InterleaveLower(v, w).Store(y + (2 * n));
            if ((2 * n) + Lanes < 2 * count)
                InterleaveUpper(v, w).Store(y + (2 * n) + Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPhases(float* pixels, float* channel, in PhaseLayout layout)
    {
        for (int n = 0; n < layout.Line; n += Lanes, pixels += 4 * Lanes)
        {
            Vector512<float> a = Vector512.Load(pixels), b = Vector512.Load(pixels + Lanes), c = Vector512.Load(pixels + (2 * Lanes)), d = Vector512.Load(pixels + (3 * Lanes));
            Vector512<float> even = EvenLanes(a, b), odd = OddLanes(a, b), evenUpper = EvenLanes(c, d), oddUpper = OddLanes(c, d);
            EvenLanes(even, evenUpper).Store(channel + layout.Phase0 + n);
            OddLanes(even, evenUpper).Store(channel + layout.Phase2 + n);
            EvenLanes(odd, oddUpper).Store(channel + layout.Phase1 + n);
            OddLanes(odd, oddUpper).Store(channel + layout.Phase3 + n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromPhases(float* channel, float* pixels, in PhaseLayout layout)
    {
        for (int n = 0; n < layout.Line; n += Lanes, pixels += 4 * Lanes)
        {
            Vector512<float> p0 = Vector512.Load(channel + layout.Phase0 + n), p1 = Vector512.Load(channel + layout.Phase1 + n);
            Vector512<float> p2 = Vector512.Load(channel + layout.Phase2 + n), p3 = Vector512.Load(channel + layout.Phase3 + n);
            Vector512<float> even = InterleaveLower(p0, p2), odd = InterleaveLower(p1, p3);
            InterleaveLower(even, odd).Store(pixels);
            InterleaveUpper(even, odd).Store(pixels + Lanes);
            even = InterleaveUpper(p0, p2);
            odd = InterleaveUpper(p1, p3);
            InterleaveLower(even, odd).Store(pixels + (2 * Lanes));
            InterleaveUpper(even, odd).Store(pixels + (3 * Lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Logistic(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));
}
