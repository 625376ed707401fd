using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EmmaStream.Core.Kernels;

/// <summary>
/// Luma between its stored form and float in [0, 1]. Each kernel is a scalar definition plus a 256-bit twin with the same operations in the
/// same order, so both give the same bits; the twin does whole blocks and the definition the remainder.
/// </summary>
public static class LumaKernels
{
    private const int Block = 16;

    /// <summary>Expands 8-bit luma: <c>unit[i] = clamp((stored[i] - Black) / Span, 0, 1)</c>.</summary>
    /// <param name="stored">n samples.</param>
    /// <param name="unit">At least n samples; what lies beyond is untouched.</param>
    /// <param name="scale">The stored range.</param>
    /// <exception cref="ArgumentException"><paramref name="unit"/> is shorter than <paramref name="stored"/>.</exception>
    public static void Expand(ReadOnlySpan<byte> stored, Span<float> unit, LumaScale scale)
    {
        Require(stored.Length, unit.Length);
        int done = Vector256.IsHardwareAccelerated ? ExpandVector(stored, unit, scale) : 0;
        ExpandScalar(stored[done..], unit[done..], scale);
    }

    /// <summary>Expands 16-bit samples: <c>unit[i] = clamp((stored[i] - Black) / Span, 0, 1)</c>; Black and Span come from the gain control.</summary>
    /// <inheritdoc cref="Expand(ReadOnlySpan{byte}, Span{float}, LumaScale)"/>
    public static void Expand(ReadOnlySpan<ushort> stored, Span<float> unit, LumaScale scale)
    {
        Require(stored.Length, unit.Length);
        int done = Vector256.IsHardwareAccelerated ? ExpandVector(stored, unit, scale) : 0;
        ExpandScalar(stored[done..], unit[done..], scale);
    }

    /// <summary>Compresses to 8-bit luma: <c>stored[i] = floor(clamp(unit[i], 0, 1) * Span + Black + 0.5)</c>; NaN becomes Black.</summary>
    /// <param name="unit">n samples.</param>
    /// <param name="stored">At least n samples; what lies beyond is untouched.</param>
    /// <param name="scale">The stored range.</param>
    /// <exception cref="ArgumentException"><paramref name="stored"/> is shorter than <paramref name="unit"/>.</exception>
    public static void Compress(ReadOnlySpan<float> unit, Span<byte> stored, LumaScale scale)
    {
        Require(unit.Length, stored.Length);
        int done = Vector256.IsHardwareAccelerated ? CompressVector(unit, stored, scale) : 0;
        CompressScalar(unit[done..], stored[done..], scale);
    }

    /// <summary>Fills what the infrared does not cover from the visible: <c>infrared[i] += (visible[i] - infrared[i]) * (255 - coverage[i]) / 255</c>.</summary>
    /// <param name="infrared">n samples, changed in place.</param>
    /// <param name="visible">n samples.</param>
    /// <param name="coverage">n samples; 255 keeps the infrared bit for bit, 0 takes the visible.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Fill(Span<float> infrared, ReadOnlySpan<float> visible, ReadOnlySpan<byte> coverage)
    {
        Require(infrared.Length, Math.Min(visible.Length, coverage.Length));
        int done = Vector256.IsHardwareAccelerated ? FillVector(infrared, visible, coverage) : 0;
        FillScalar(infrared[done..], visible[done..], coverage[done..]);
    }

    /// <summary>The smallest and the largest sample.</summary>
    /// <param name="unit">At least one sample, none NaN.</param>
    public static (float Minimum, float Maximum) Limits(ReadOnlySpan<float> unit)
    {
        (float minimum, float maximum) = (unit[0], unit[0]);
        int done = 0;
        if (Vector256.IsHardwareAccelerated && unit.Length >= Block)
        {
            Vector256<float> low = Vector256.Create(minimum), high = low;
            for (; done <= unit.Length - Vector256<float>.Count; done += Vector256<float>.Count)
            {
                Vector256<float> v = Vector256.Create(unit[done..]);
                low = Vector256.MinNative(low, v);
                high = Vector256.MaxNative(high, v);
            }
            for (int lane = 0; lane < Vector256<float>.Count; lane++)
                (minimum, maximum) = (Math.Min(minimum, low[lane]), Math.Max(maximum, high[lane]));
        }
        for (; done < unit.Length; done++)
            (minimum, maximum) = (Math.Min(minimum, unit[done]), Math.Max(maximum, unit[done]));
        return (minimum, maximum);
    }

    /// <summary>Stretches in place: <c>unit[i] = clamp((unit[i] - low) / (high - low), 0, 1)</c>.</summary>
    /// <param name="unit">Samples, changed in place.</param>
    /// <param name="low">What becomes 0.</param>
    /// <param name="high">What becomes 1; above <paramref name="low"/>.</param>
    public static void Stretch(Span<float> unit, float low, float high)
    {
        float span = high - low;
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> vLow = Vector256.Create(low), vSpan = Vector256.Create(span);
            ref float samples = ref MemoryMarshal.GetReference(unit);
            for (; done <= unit.Length - Vector256<float>.Count; done += Vector256<float>.Count)
                ClampUnit((Vector256.LoadUnsafe(ref samples, (nuint)done) - vLow) / vSpan).StoreUnsafe(ref samples, (nuint)done);
        }
        for (; done < unit.Length; done++)
            unit[done] = ClampUnit((unit[done] - low) / span);
    }

    internal static void ExpandScalar(ReadOnlySpan<byte> stored, Span<float> unit, LumaScale scale)
    {
        for (int i = 0; i < stored.Length; i++)
            unit[i] = ClampUnit((stored[i] - scale.Black) / scale.Span);
    }

    internal static void ExpandScalar(ReadOnlySpan<ushort> stored, Span<float> unit, LumaScale scale)
    {
        for (int i = 0; i < stored.Length; i++)
            unit[i] = ClampUnit((stored[i] - scale.Black) / scale.Span);
    }

    internal static void CompressScalar(ReadOnlySpan<float> unit, Span<byte> stored, LumaScale scale)
    {
        float half = scale.Black + 0.5f;
        for (int i = 0; i < unit.Length; i++)
            stored[i] = (byte)(int)(ClampUnit(unit[i]) * scale.Span + half);
    }

    internal static void FillScalar(Span<float> infrared, ReadOnlySpan<float> visible, ReadOnlySpan<byte> coverage)
    {
        for (int i = 0; i < infrared.Length; i++)
            infrared[i] += (visible[i] - infrared[i]) * ((255 - coverage[i]) / 255f);
    }

    private static int ExpandVector(ReadOnlySpan<byte> stored, Span<float> unit, LumaScale scale)
    {
        Vector256<float> black = Vector256.Create(scale.Black), span = Vector256.Create(scale.Span);
        ref float target = ref MemoryMarshal.GetReference(unit);
        int i = 0;
        for (; i <= stored.Length - Block; i += Block)
        {
            (Vector256<float> low, Vector256<float> high) = ToFloat(Vector128.Create(stored[i..]));
            ClampUnit((low - black) / span).StoreUnsafe(ref target, (nuint)i);
            ClampUnit((high - black) / span).StoreUnsafe(ref target, (nuint)(i + 8));
        }
        return i;
    }

    private static int ExpandVector(ReadOnlySpan<ushort> stored, Span<float> unit, LumaScale scale)
    {
        Vector256<float> black = Vector256.Create(scale.Black), span = Vector256.Create(scale.Span);
        ref float target = ref MemoryMarshal.GetReference(unit);
        int i = 0;
        for (; i <= stored.Length - Block; i += Block)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(stored[i..]));
            ClampUnit((Vector256.ConvertToSingle(low.AsInt32()) - black) / span).StoreUnsafe(ref target, (nuint)i);
            ClampUnit((Vector256.ConvertToSingle(high.AsInt32()) - black) / span).StoreUnsafe(ref target, (nuint)(i + 8));
        }
        return i;
    }

    private static int CompressVector(ReadOnlySpan<float> unit, Span<byte> stored, LumaScale scale)
    {
        Vector256<float> span = Vector256.Create(scale.Span), half = Vector256.Create(scale.Black + 0.5f);
        ref float source = ref MemoryMarshal.GetReference(unit);
        int i = 0;
        for (; i <= unit.Length - Block; i += Block)
        {
            Vector256<int> low = Vector256.ConvertToInt32Native(ClampUnit(Vector256.LoadUnsafe(ref source, (nuint)i)) * span + half);
            Vector256<int> high = Vector256.ConvertToInt32Native(ClampUnit(Vector256.LoadUnsafe(ref source, (nuint)(i + 8))) * span + half);
            Vector256<ushort> words = Vector256.Narrow(low.AsUInt32(), high.AsUInt32());
            Vector128.Narrow(words.GetLower(), words.GetUpper()).CopyTo(stored[i..]);
        }
        return i;
    }

    private static int FillVector(Span<float> infrared, ReadOnlySpan<float> visible, ReadOnlySpan<byte> coverage)
    {
        Vector256<float> full = Vector256.Create(255f);
        ref float target = ref MemoryMarshal.GetReference(infrared);
        ref float other = ref MemoryMarshal.GetReference(visible);
        int i = 0;
        for (; i <= infrared.Length - Block; i += Block)
        {
            (Vector256<float> low, Vector256<float> high) = ToFloat(Vector128.Create(coverage[i..]));
            Blend(ref target, ref other, (nuint)i, (full - low) / full);
            Blend(ref target, ref other, (nuint)(i + 8), (full - high) / full);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blend(ref float target, ref float other, nuint at, Vector256<float> weight)
    {
        Vector256<float> t = Vector256.LoadUnsafe(ref target, at);
        (t + (Vector256.LoadUnsafe(ref other, at) - t) * weight).StoreUnsafe(ref target, at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) ToFloat(Vector128<byte> bytes)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.WidenLower(bytes.ToVector256Unsafe()));
        return (Vector256.ConvertToSingle(low.AsInt32()), Vector256.ConvertToSingle(high.AsInt32()));
    }

    // Written as a comparison, so that NaN becomes 0 in both twins.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ClampUnit(Vector256<float> v) => Vector256.ConditionalSelect(
        Vector256.GreaterThan(v, Vector256<float>.Zero), Vector256.MinNative(v, Vector256<float>.One), Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ClampUnit(float v) => v > 0 ? Math.Min(v, 1) : 0;

    private static void Require(int source, int destination)
    {
        if (destination < source)
            throw new ArgumentException($"the destination holds {destination} samples, the source {source}");
    }
}
