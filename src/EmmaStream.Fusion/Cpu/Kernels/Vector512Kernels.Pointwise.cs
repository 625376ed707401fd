using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <content>Norms, Gram sums and the moves between layouts.</content>
internal unsafe partial struct Vector512Kernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(float* x, float* y, in PhaseLayout layout, float* weight, float* bias)
    {
        nint stride = layout.ChannelStride;
        int channels = layout.Channels;
        Vector512<float> share = Vector512.Create(1f / channels), epsilon = Vector512.Create(1e-5f), one = Vector512<float>.One;
        for (nint n = 0; n < stride; n += Lanes)
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
    public static void Gram(float* q, float* k, in PhaseLayout layout, double* sums)
    {
        int c = layout.Channels / 8;
        nint stride = layout.ChannelStride;
        for (int h = 0; h < 8; h++, sums += (c * c) + (2 * c))
            for (int i = 0; i < c; i++)
            {
                float* a = q + (((h * c) + i) * stride), b = k + (h * c * stride);
                for (int j = 0; j < c; j += 2)
                    DotPair(a, b + (j * stride), b + ((j + 1) * stride), layout, sums + (i * c) + j);
                DotSelves(a, b + (i * stride), layout, sums + (c * c) + i, sums + (c * c) + c + i);
            }
    }

    /// <summary>a.b and a.c over the pixels of the picture.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotPair(float* a, float* b, float* c, in PhaseLayout layout, double* sums)
    {
        Vector512<float> ab = Vector512<float>.Zero, ac = ab;
        for (int phase = 0; phase < 4; phase++)
        {
            int pixels = layout.PixelsOf(phase);
            nint at = layout.Phase(phase);
            for (int n = 0; n < pixels; n += Lanes)
            {
                Vector512<float> v = Within(Vector512.Load(a + at + n), pixels - n);
                ab = Vector512.FusedMultiplyAdd(v, Vector512.Load(b + at + n), ab);
                ac = Vector512.FusedMultiplyAdd(v, Vector512.Load(c + at + n), ac);
            }
        }
        sums[0] += Vector512.Sum(ab);
        sums[1] += Vector512.Sum(ac);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotSelves(float* a, float* b, in PhaseLayout layout, double* sumA, double* sumB)
    {
        Vector512<float> aa = Vector512<float>.Zero, bb = aa;
        for (int phase = 0; phase < 4; phase++)
        {
            int pixels = layout.PixelsOf(phase);
            nint at = layout.Phase(phase);
            for (int n = 0; n < pixels; n += Lanes)
            {
                Vector512<float> v = Within(Vector512.Load(a + at + n), pixels - n), w = Within(Vector512.Load(b + at + n), pixels - n);
                aa = Vector512.FusedMultiplyAdd(v, v, aa);
                bb = Vector512.FusedMultiplyAdd(w, w, bb);
            }
        }
        *sumA += Vector512.Sum(aa);
        *sumB += Vector512.Sum(bb);
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
