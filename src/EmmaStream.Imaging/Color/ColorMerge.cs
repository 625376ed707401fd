using EmmaStream.Core.Frames;

namespace EmmaStream.Imaging.Color;

/// <summary>
/// Gives a colour still a new luma and keeps its chroma: Cr = 0.713 (R - Y) + 128, Cb = 0.564 (B - Y) + 128 and back (BT.601, full range, the
/// numbers of OpenCV's YCrCb), all in float, the chroma neither rounded nor clamped, the result rounded half to even and clamped to 0..255.
/// </summary>
public static class ColorMerge
{
    // Back times forth: what is left of R - Y and B - Y after both ways.
    private const float RedOfCr = 1.403f * 0.713f;
    private const float BlueOfCb = 1.773f * 0.564f;
    private const float GreenOfCr = 0.714f * 0.713f;
    private const float GreenOfCb = 0.344f * 0.564f;

    /// <summary>A bgr24 frame with the luma of <paramref name="luma"/> and the chroma of <paramref name="bgr"/>; it has the colour frame's stamp and the caller owns it.</summary>
    /// <param name="bgr">bgr24, the original colours.</param>
    /// <param name="luma">A frame of the same size whose plane 0 is 8-bit luma of full range.</param>
    /// <param name="pool">Lends the result.</param>
    /// <exception cref="ArgumentException">A frame has another format or size.</exception>
    public static Frame WithLuma(Frame bgr, Frame luma, FramePool pool)
    {
        if (bgr.Format.Pixels != PixelFormat.Bgr24)
            throw new ArgumentException($"{bgr.Format.Pixels} is not bgr24", nameof(bgr));
        if (luma.Format.Pixels is not (PixelFormat.Gray8 or PixelFormat.Yuv420P or PixelFormat.Nv12) || luma.Format.Range != ColorRange.Full || luma.Size != bgr.Size)
            throw new ArgumentException($"{luma.Format} is not full-range 8-bit luma of {bgr.Size}", nameof(luma));
        Frame merged = pool.Rent(bgr.Format, bgr.Stamp);
        Plane from = bgr.Plane(0), level = luma.Plane(0);
        WritablePlane to = merged.WritablePlane(0);
        for (int y = 0; y < bgr.Size.Height; y++)
            MergeRow(from.Row<byte>(y), level.Row<byte>(y), to.Row<byte>(y));
        return merged;
    }

    private static void MergeRow(ReadOnlySpan<byte> from, ReadOnlySpan<byte> level, Span<byte> to)
    {
        for (int x = 0, at = 0; x < level.Length; x++, at += 3)
        {
            float b = from[at], g = from[at + 1], r = from[at + 2];
            float old = 0.114f * b + 0.587f * g + 0.299f * r;
            float cr = r - old, cb = b - old, luma = level[x];
            to[at] = Level(luma + BlueOfCb * cb);
            to[at + 1] = Level(luma - GreenOfCr * cr - GreenOfCb * cb);
            to[at + 2] = Level(luma + RedOfCr * cr);
        }
    }

    private static byte Level(float value) => (byte)Math.Clamp(MathF.Round(value), 0f, 255f);
}
