using EmmaStream.Core.Frames;
using EmmaStream.Core.Kernels;
using EmmaStream.Fusion;
using EmmaStream.Imaging.Color;

namespace EmmaStream.Streaming.Fusing;

/// <summary>Makes the picture to deliver from a luma and the visible frame: in the visible's own format, range and matrix, or gray.</summary>
/// <param name="pool">Lends the pictures.</param>
/// <param name="color">Whether the visible's chroma is kept.</param>
internal sealed class FusedPainter(FramePool pool, ColorMode color)
{
    /// <summary>The format of delivered pictures for visible frames of the given format: the same for every frame of a run.</summary>
    public FrameFormat OutputFormat(FrameFormat visible) => color == ColorMode.Keep
        ? visible.Pixels is PixelFormat.Gray16 or PixelFormat.GrayF32 ? new(PixelFormat.Gray8, visible.Size) : visible
        : new(PixelFormat.Gray8, visible.Size);

    /// <summary>A new picture with the luma <paramref name="luma"/> and the chroma of <paramref name="visible"/>.</summary>
    public Frame Paint(LumaPlane luma, Frame visible)
    {
        FrameFormat format = OutputFormat(visible.Format);
        if (format.Pixels == PixelFormat.Bgr24)
        {
            using Frame gray = Compressed(luma, new(PixelFormat.Gray8, visible.Size), visible.Stamp);
            return ColorMerge.WithLuma(visible, gray, pool);
        }
        Frame fused = Compressed(luma, format, visible.Stamp);
        for (int plane = 1; plane < format.PlaneCount; plane++)
            visible.Plane(plane).Bytes.CopyTo(fused.WritablePlane(plane).Bytes);
        return fused;
    }

    /// <summary>The picture for a master frame that goes on alone; its luma comes from <paramref name="expander"/> where the format changes.</summary>
    public Frame Pass(Frame visible, LumaExpander expander, LumaBuffer workspace)
    {
        if (OutputFormat(visible.Format) == visible.Format)
            return visible.Share();
        LumaPlane luma = workspace.Plane(visible.Size.Width, visible.Size.Height);
        expander.Expand(visible, null, luma);
        return Paint(luma, visible);
    }

    /// <summary>A copy of <paramref name="luma"/> as a grayf32 frame.</summary>
    public Frame Keep(LumaPlane luma, FrameStamp stamp)
    {
        Frame raw = pool.Rent(new FrameFormat(PixelFormat.GrayF32, new FrameSize(luma.Width, luma.Height)), stamp);
        LumaExpander.Samples(luma).CopyTo(raw.WritablePlane(0).Samples<float>());
        return raw;
    }

    private Frame Compressed(LumaPlane luma, FrameFormat format, FrameStamp stamp)
    {
        Frame frame = pool.Rent(format, stamp);
        LumaKernels.Compress(LumaExpander.Samples(luma), frame.WritablePlane(0).Bytes, LumaScale.Of(format.Range));
        return frame;
    }
}
