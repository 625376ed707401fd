using EmmaStream.Core.Frames;
using OpenCvSharp;

namespace EmmaStream.Imaging.Color;

/// <summary>
/// Brings frames to another pixel format, range and matrix for showing them beside each other. Luma keeps its meaning: 16 of limited range becomes
/// 0 of full range and so on. gray16 has no fixed meaning: its 1st to 99th percentile is stretched over the range, frame by frame. Reuses
/// its memory, so it belongs to one thread.
/// </summary>
/// <param name="pool">Lends the results.</param>
public sealed class FrameConverter(FramePool pool) : IDisposable
{
    private const int PercentileStep = 3;   // every third sample of every third row decides: enough for levels of a display

    private readonly int[] _histogram = new int[65536];
    private readonly byte[] _table = new byte[256];
    private readonly Mat _gray = new();
    private readonly Mat _bgr = new();

    /// <summary>A frame like <paramref name="source"/> in the given format, which the caller owns; it shares the memory where nothing changes.</summary>
    /// <param name="source">Any format; grayf32 is taken as [0, 1].</param>
    /// <param name="pixels">gray8, yuv420p, nv12 or bgr24.</param>
    /// <param name="range">Range of the result; bgr24 is always full.</param>
    /// <param name="matrix">Matrix of the result, for yuv420p and nv12.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is gray16 or grayf32.</exception>
    public Frame To(Frame source, PixelFormat pixels, ColorRange range, ColorMatrix matrix)
    {
        if (pixels is PixelFormat.Gray16 or PixelFormat.GrayF32)
            throw new ArgumentException($"{pixels} is no format to show", nameof(pixels));
        FrameFormat format = source.Format;
        FrameFormat wanted = new(pixels, format.Size, pixels == PixelFormat.Bgr24 ? ColorRange.Full : range, matrix);
        bool sameMatrix = format.Matrix == wanted.Matrix || pixels is PixelFormat.Gray8 or PixelFormat.Bgr24;
        if (format.Pixels == pixels && (format.Range == wanted.Range || pixels == PixelFormat.Bgr24) && sameMatrix)
            return source.Share();
        Frame result = pool.Rent(wanted, source.Stamp);
        try
        {
            Fill(source, result);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gray.Dispose();
        _bgr.Dispose();
    }

    private void Fill(Frame source, Frame result)
    {
        bool fromColor = source.Format.HasColor, toColor = result.Format.HasColor;
        bool chromaStays = fromColor && toColor && source.Format.HasLumaPlane && result.Format.HasLumaPlane
            && source.Format.Range == result.Format.Range && source.Format.Matrix == result.Format.Matrix;
        if (result.Format.Pixels == PixelFormat.Bgr24)
            FillBgr(source, result);
        else if (fromColor && toColor && !chromaStays)
            ThroughBgr(source, result);
        else
        {
            FillLuma(source, result);
            if (chromaStays)
                CopyChroma(source, result);
            else if (toColor)
                result.WritableBytes[result.Format.PlaneOffset(1)..].Fill(128);
        }
    }

    private void FillBgr(Frame source, Frame result)
    {
        using Mat to = FrameMats.WritableView(result);
        if (source.Format.HasColor)
        {
            YuvConversion.ToBgr(source, to);
            return;
        }
        using Frame gray = To(source, PixelFormat.Gray8, ColorRange.Full, default);
        using Mat from = FrameMats.View(gray);
        Cv2.CvtColor(from, to, ColorConversionCodes.GRAY2BGR);
    }

    private void ThroughBgr(Frame source, Frame result)
    {
        using Frame bgr = To(source, PixelFormat.Bgr24, ColorRange.Full, default);
        using Mat from = FrameMats.View(bgr);
        if (result.Format.Pixels == PixelFormat.Yuv420P)
        {
            YuvConversion.FromBgr(from, result);
            return;
        }
        using Frame planar = pool.Rent(result.Format with { Pixels = PixelFormat.Yuv420P }, source.Stamp);
        YuvConversion.FromBgr(from, planar);
        planar.Plane(0).Bytes.CopyTo(result.WritablePlane(0).Bytes);
        CopyChroma(planar, result);
    }

    private void FillLuma(Frame source, Frame result)
    {
        using Mat to = FrameMats.WritableView(result);
        (double low, double span) = result.Format.Range == ColorRange.Limited ? (16.0, 219.0) : (0.0, 255.0);
        switch (source.Format.Pixels)
        {
            case PixelFormat.Bgr24:
                using (Frame luma = LumaConversion.ToGray(source, pool))
                using (Mat from = FrameMats.View(luma))
                    from.ConvertTo(to, MatType.CV_8UC1, span / 255, low);
                break;
            case PixelFormat.GrayF32:
                using (Mat from = FrameMats.View(source))
                    from.ConvertTo(to, MatType.CV_8UC1, span, low);
                break;
            case PixelFormat.Gray16:
                (int dark, int bright) = Percentiles(source.Plane(0));
                double scale = span / Math.Max(bright - dark, 1);
                using (Mat from = FrameMats.View(source))
                    from.ConvertTo(to, MatType.CV_8UC1, scale, low - dark * scale);
                if (result.Format.Range == ColorRange.Limited)
                    ClampToLimited(to);
                break;
            default:
                MapLevels(source, result);
                break;
        }
    }

    private void MapLevels(Frame source, Frame result)
    {
        ReadOnlySpan<byte> from = source.Plane(0).Bytes;
        Span<byte> to = result.WritablePlane(0).Bytes;
        if (source.Format.Range == result.Format.Range)
        {
            from.CopyTo(to);
            return;
        }
        bool expand = source.Format.Range == ColorRange.Limited;
        for (int i = 0; i < 256; i++)
            _table[i] = (byte)Math.Clamp(expand ? Math.Round((i - 16) * 255 / 219.0) : Math.Round(16 + i * 219 / 255.0), 0, 255);
        for (int i = 0; i < from.Length; i++)
            to[i] = _table[from[i]];
    }

    private (int Dark, int Bright) Percentiles(Plane plane)
    {
        Array.Clear(_histogram);
        int count = 0;
        for (int y = 0; y < plane.Rows; y += PercentileStep)
        {
            ReadOnlySpan<ushort> row = plane.Row<ushort>(y);
            for (int x = 0; x < row.Length; x += PercentileStep, count++)
                _histogram[row[x]]++;
        }
        return (LevelAt(count / 100), LevelAt(count - 1 - count / 100));
    }

    /// <summary>Level of the sample that has <paramref name="rank"/> samples before it in order of brightness.</summary>
    private int LevelAt(int rank)
    {
        int level = 0;
        for (int seen = _histogram[0]; seen <= rank && level < 65535; seen += _histogram[level])
            level++;
        return level;
    }

    private static void ClampToLimited(Mat luma)
    {
        Cv2.Min(luma, 235, luma);
        Cv2.Max(luma, 16, luma);
    }

    /// <summary>Chroma between yuv420p and nv12, or within one of them.</summary>
    private static void CopyChroma(Frame source, Frame result)
    {
        bool fromPlanar = source.Format.Pixels == PixelFormat.Yuv420P, toPlanar = result.Format.Pixels == PixelFormat.Yuv420P;
        if (fromPlanar == toPlanar)
        {
            source.Bytes[source.Format.PlaneOffset(1)..].CopyTo(result.WritableBytes[result.Format.PlaneOffset(1)..]);
            return;
        }
        Frame planar = fromPlanar ? source : result, interleaved = fromPlanar ? result : source;
        using Mat u = FrameMats.View(planar, 1), v = FrameMats.View(planar, 2), uv = FrameMats.View(interleaved, 1);
        if (fromPlanar)
            Cv2.Merge([u, v], uv);
        else
            Cv2.MixChannels([uv], [u, v], [0, 0, 1, 1]);
    }
}
