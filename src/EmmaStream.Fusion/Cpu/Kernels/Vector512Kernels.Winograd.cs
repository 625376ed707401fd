using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <content>The transforms around the products: lanes are tiles, so both axes are arithmetic on whole vectors.</content>
internal unsafe partial struct Vector512Kernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformInput(float** rows, in PhaseLayout layout, int firstTile, int tiles, float* points, nint pointStride)
    {
        for (int c = 0; c < layout.Channels; c++)
        {
            nint at = ((nint)c * layout.ChannelStride) + firstTile;
            float* v = points + ((nint)c * Winograd.ChannelStride);
            if (c + 1 < layout.Channels)
                Fetch(rows, at + layout.ChannelStride, layout, tiles);
            TransformPointPair(rows, at, layout, tiles, 2, Winograd.SqrtHalf, v + pointStride, v + (2 * pointStride));
            TransformPointPair(rows, at, layout, tiles, 0.5f, Winograd.Sqrt2, v + (3 * pointStride), v + (4 * pointStride));
            TransformOuterPoints(rows, at, layout, tiles, v, v + (5 * pointStride));
        }
    }

    /// <summary>The rows of the next channel: many short runs, too short for the processor to foresee.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fetch(float** rows, nint at, in PhaseLayout layout, int tiles)
    {
        nint p0 = layout.Phase0, p1 = layout.Phase1, p2 = layout.Phase2, p3 = layout.Phase3;
        for (int r = 0; r < 6; r++)
        {
            float* d = rows[r] + at;
            for (nint n = 0; n < tiles; n += Lanes)
                Fetch(d + n, p0, p1, p2, p3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* row, nint p0, nint p1, nint p2, nint p3)
    {
        Sse.Prefetch0(row + p0);
        Sse.Prefetch0(row + p1);
        Sse.Prefetch0(row + p2);
        Sse.Prefetch0(row + p3);
    }

    /// <summary>The y points +-s: (d4 - k d2) +- s (d3 - k d1), then all x points of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformPointPair(float** rows, nint at, in PhaseLayout layout, int tiles, float k, float s, float* plus, float* minus)
    {
        float* d1 = rows[1] + at, d2 = rows[2] + at, d3 = rows[3] + at, d4 = rows[4] + at;
        nint p0 = layout.Phase0, p1 = layout.Phase1, p2 = layout.Phase2, p3 = layout.Phase3;
        Vector512<float> factor = Vector512.Create(-k), root = Vector512.Create(s);

        Vector512<float> even = Even(d2, d4, p3 - Lanes, factor), odd = Odd(d1, d3, p3 - Lanes, factor, root);
        Vector512<float> leftPlus = even + odd, leftMinus = even - odd;
        even = Even(d2, d4, p0, factor);
        odd = Odd(d1, d3, p0, factor, root);
        Vector512<float> zeroPlus = even + odd, zeroMinus = even - odd;
        for (float* end = plus + tiles; plus < end; plus += Lanes, minus += Lanes)
        {
            even = Even(d2, d4, p0 + Lanes, factor);
            odd = Odd(d1, d3, p0 + Lanes, factor, root);
            Vector512<float> nextPlus = even + odd, nextMinus = even - odd;
            even = Even(d2, d4, p1, factor);
            odd = Odd(d1, d3, p1, factor, root);
            Vector512<float> onePlus = even + odd, oneMinus = even - odd;
            even = Even(d2, d4, p2, factor);
            odd = Odd(d1, d3, p2, factor, root);
            Vector512<float> twoPlus = even + odd, twoMinus = even - odd;
            even = Even(d2, d4, p3, factor);
            odd = Odd(d1, d3, p3, factor, root);
            Vector512<float> threePlus = even + odd, threeMinus = even - odd;

            StoreAcross(plus, FromLeft(leftPlus, threePlus), zeroPlus, onePlus, twoPlus, threePlus, FromRight(zeroPlus, nextPlus));
            StoreAcross(minus, FromLeft(leftMinus, threeMinus), zeroMinus, oneMinus, twoMinus, threeMinus, FromRight(zeroMinus, nextMinus));
            (leftPlus, leftMinus, zeroPlus, zeroMinus) = (threePlus, threeMinus, nextPlus, nextMinus);
            d1 += Lanes;
            d2 += Lanes;
            d3 += Lanes;
            d4 += Lanes;
        }
    }

    /// <summary>The y points 0 and infinity: d0 + d4 - 5/2 d2 and d1 + d5 - 5/2 d3, then all x points of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformOuterPoints(float** rows, nint at, in PhaseLayout layout, int tiles, float* first, float* last)
    {
        float* d0 = rows[0] + at, d1 = rows[1] + at, d2 = rows[2] + at;
        float* d3 = rows[3] + at, d4 = rows[4] + at, d5 = rows[5] + at;
        nint p0 = layout.Phase0, p1 = layout.Phase1, p2 = layout.Phase2, p3 = layout.Phase3;
        Vector512<float> factor = Vector512.Create(-2.5f);

        Vector512<float> leftFirst = Outer(d0, d2, d4, p3 - Lanes, factor), leftLast = Outer(d1, d3, d5, p3 - Lanes, factor);
        Vector512<float> zeroFirst = Outer(d0, d2, d4, p0, factor), zeroLast = Outer(d1, d3, d5, p0, factor);
        for (float* end = first + tiles; first < end; first += Lanes, last += Lanes)
        {
            Vector512<float> nextFirst = Outer(d0, d2, d4, p0 + Lanes, factor), nextLast = Outer(d1, d3, d5, p0 + Lanes, factor);
            Vector512<float> oneFirst = Outer(d0, d2, d4, p1, factor), oneLast = Outer(d1, d3, d5, p1, factor);
            Vector512<float> twoFirst = Outer(d0, d2, d4, p2, factor), twoLast = Outer(d1, d3, d5, p2, factor);
            Vector512<float> threeFirst = Outer(d0, d2, d4, p3, factor), threeLast = Outer(d1, d3, d5, p3, factor);

            StoreAcross(first, FromLeft(leftFirst, threeFirst), zeroFirst, oneFirst, twoFirst, threeFirst, FromRight(zeroFirst, nextFirst));
            StoreAcross(last, FromLeft(leftLast, threeLast), zeroLast, oneLast, twoLast, threeLast, FromRight(zeroLast, nextLast));
            (leftFirst, leftLast, zeroFirst, zeroLast) = (threeFirst, threeLast, nextFirst, nextLast);
            d0 += Lanes;
            d1 += Lanes;
            d2 += Lanes;
            d3 += Lanes;
            d4 += Lanes;
            d5 += Lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Even(float* d2, float* d4, nint at, Vector512<float> factor)
        => Vector512.FusedMultiplyAdd(Vector512.Load(d2 + at), factor, Vector512.Load(d4 + at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Odd(float* d1, float* d3, nint at, Vector512<float> factor, Vector512<float> root)
        => root * Vector512.FusedMultiplyAdd(Vector512.Load(d1 + at), factor, Vector512.Load(d3 + at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Outer(float* a, float* b, float* c, nint at, Vector512<float> factor)
        => Vector512.FusedMultiplyAdd(Vector512.Load(b + at), factor, Vector512.Load(a + at) + Vector512.Load(c + at));

    /// <summary>The x half: 6 columns to 6 points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreAcross(float* v, Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3, Vector512<float> d4, Vector512<float> d5)
    {
        Vector512.FusedMultiplyAdd(d2, Vector512.Create(-2.5f), d0 + d4).Store(v);
        Vector512<float> even = Vector512.FusedMultiplyAdd(d2, Vector512.Create(-2f), d4);
        Vector512<float> odd = Vector512.Create(Winograd.SqrtHalf) * Vector512.FusedMultiplyAdd(d1, Vector512.Create(-2f), d3);
        (even + odd).Store(v + Winograd.BlockTiles);
        (even - odd).Store(v + (2 * Winograd.BlockTiles));
        even = Vector512.FusedMultiplyAdd(d2, Vector512.Create(-0.5f), d4);
        odd = Vector512.Create(Winograd.Sqrt2) * Vector512.FusedMultiplyAdd(d1, Vector512.Create(-0.5f), d3);
        (even + odd).Store(v + (3 * Winograd.BlockTiles));
        (even - odd).Store(v + (4 * Winograd.BlockTiles));
        Vector512.FusedMultiplyAdd(d3, Vector512.Create(-2.5f), d1 + d5).Store(v + (5 * Winograd.BlockTiles));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformOutput(float* products, in PhaseLayout layout, float** rows, int channel, int firstTile, int tiles, in Epilogue epilogue)
    {
        for (int o = 0; o < Winograd.OutputGroup; o++)
        {
            nint at = ((nint)(channel + o) * layout.ChannelStride) + firstTile;
            float bias = epilogue.Bias == null ? 0 : epilogue.Bias[o];
            TransformOutputChannel(products + ((nint)o * Winograd.ChannelStride), layout, rows, epilogue.Residual, at, tiles, bias, epilogue.Relu ? 0 : float.NegativeInfinity);
            // The slot of pixel -1 may be the padding of another line: nothing of the row may follow it.
            if (layout.IsFolded || firstTile + tiles < layout.Tiles)
                continue;
            for (int r = 0; r < Winograd.Tile; r++)
                HaloPixels.Write(rows[r] + ((nint)(channel + o) * layout.ChannelStride), layout, epilogue.Border);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformOutputChannel(float* m, in PhaseLayout layout, float** rows, float** residual, nint at, int tiles, float bias, float floor)
    {
        float* y0 = rows[0] + at, y1 = rows[1] + at, y2 = rows[2] + at, y3 = rows[3] + at;
        (nint r0, nint r1, nint r2, nint r3) = residual == null ? (0, 0, 0, 0)
            : ((nint)(residual[0] - rows[0]), (nint)(residual[1] - rows[1]), (nint)(residual[2] - rows[2]), (nint)(residual[3] - rows[3]));
        nint p0 = layout.Phase0, p1 = layout.Phase1, p2 = layout.Phase2, p3 = layout.Phase3, next = layout.ChannelStride;
        Vector512<float> b = Vector512.Create(bias), least = Vector512.Create(floor);
        bool add = residual != null;
        for (int n = 0; n < tiles; n += Lanes, m += Lanes)
        {
            // Where the next channel goes.
            Fetch(y0 + next, p0, p1, p2, p3);
            Fetch(y1 + next, p0, p1, p2, p3);
            Fetch(y2 + next, p0, p1, p2, p3);
            Fetch(y3 + next, p0, p1, p2, p3);
            Across(m + Winograd.ProductStride, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
            Across(m + (2 * Winograd.ProductStride), out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
            Vector512<float> s0 = a0 + c0, s1 = a1 + c1, s2 = a2 + c2, s3 = a3 + c3;
            Vector512<float> e0 = a0 - c0, e1 = a1 - c1, e2 = a2 - c2, e3 = a3 - c3;
            Across(m + (3 * Winograd.ProductStride), out a0, out a1, out a2, out a3);
            Across(m + (4 * Winograd.ProductStride), out c0, out c1, out c2, out c3);
            Vector512<float> t0 = a0 + c0, t1 = a1 + c1, t2 = a2 + c2, t3 = a3 + c3;
            Vector512<float> f0 = a0 - c0, f1 = a1 - c1, f2 = a2 - c2, f3 = a3 - c3;

            Vector512<float> k = Vector512.Create(0.5f), l = Vector512.Create(2f);
            Finish(y2 + p0, r2, add, Mix(s0, k, t0, l) + b, least);
            Finish(y2 + p1, r2, add, Mix(s1, k, t1, l) + b, least);
            Finish(y2 + p2, r2, add, Mix(s2, k, t2, l) + b, least);
            Finish(y2 + p3, r2, add, Mix(s3, k, t3, l) + b, least);
            Across(m, out a0, out a1, out a2, out a3);
            Finish(y0 + p0, r0, add, a0 + b + (s0 + t0), least);
            Finish(y0 + p1, r0, add, a1 + b + (s1 + t1), least);
            Finish(y0 + p2, r0, add, a2 + b + (s2 + t2), least);
            Finish(y0 + p3, r0, add, a3 + b + (s3 + t3), least);
            (k, l) = (Vector512.Create(Winograd.SqrtHalf), Vector512.Create(Winograd.Sqrt2));
            Finish(y1 + p0, r1, add, Mix(e0, k, f0, l) + b, least);
            Finish(y1 + p1, r1, add, Mix(e1, k, f1, l) + b, least);
            Finish(y1 + p2, r1, add, Mix(e2, k, f2, l) + b, least);
            Finish(y1 + p3, r1, add, Mix(e3, k, f3, l) + b, least);
            (k, l) = (Vector512.Create(0.25f * Winograd.Sqrt2), Vector512.Create(2 * Winograd.Sqrt2));
            Across(m + (5 * Winograd.ProductStride), out a0, out a1, out a2, out a3);
            Finish(y3 + p0, r3, add, Mix(e0, k, f0, l) + (a0 + b), least);
            Finish(y3 + p1, r3, add, Mix(e1, k, f1, l) + (a1 + b), least);
            Finish(y3 + p2, r3, add, Mix(e2, k, f2, l) + (a2 + b), least);
            Finish(y3 + p3, r3, add, Mix(e3, k, f3, l) + (a3 + b), least);
            y0 += Lanes;
            y1 += Lanes;
            y2 += Lanes;
            y3 += Lanes;
        }
    }

    /// <summary>The x half: 6 points to 4 phases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(float* m, out Vector512<float> o0, out Vector512<float> o1, out Vector512<float> o2, out Vector512<float> o3)
    {
        Vector512<float> m1 = Vector512.Load(m + Winograd.BlockTiles), m2 = Vector512.Load(m + (2 * Winograd.BlockTiles));
        Vector512<float> m3 = Vector512.Load(m + (3 * Winograd.BlockTiles)), m4 = Vector512.Load(m + (4 * Winograd.BlockTiles));
        Vector512<float> s = m1 + m2, e = m1 - m2, t = m3 + m4, f = m3 - m4;
        o0 = Vector512.Load(m) + (s + t);
        o1 = Mix(e, Vector512.Create(Winograd.SqrtHalf), f, Vector512.Create(Winograd.Sqrt2));
        o2 = Mix(s, Vector512.Create(0.5f), t, Vector512.Create(2f));
        o3 = Vector512.FusedMultiplyAdd(e, Vector512.Create(0.25f * Winograd.Sqrt2), Vector512.FusedMultiplyAdd(f, Vector512.Create(2 * Winograd.Sqrt2), Vector512.Load(m + (5 * Winograd.BlockTiles))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mix(Vector512<float> x, Vector512<float> k, Vector512<float> y, Vector512<float> l)
        => Vector512.FusedMultiplyAdd(x, k, y * l);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float* y, nint residual, bool add, Vector512<float> sum, Vector512<float> least)
    {
        if (add)
            sum += Vector512.Load(y + residual);
        Vector512.MaxNative(sum, least).Store(y);
    }
}
