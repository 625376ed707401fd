using EmmaStream.Core.Frames;
using OpenCvSharp;

namespace EmmaStream.Imaging;

/// <summary>
/// OpenCV views over a frame's planes: no sample is copied, so a view is valid only while an owner of the frame lives. Dispose the view
/// before the frame. A view made by <see cref="View"/> must not be written: other owners may read the same memory.
/// </summary>
public static class FrameMats
{
    /// <summary>View of plane <paramref name="plane"/>, for reading: CV_8UC1, CV_16UC1, CV_32FC1, CV_8UC3 (bgr24) or CV_8UC2 (chroma of nv12).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format has no such plane.</exception>
    public static Mat View(Frame frame, int plane = 0)
    {
        FrameFormat format = frame.Format;
        Plane samples = frame.Plane(plane);
        return Over(format, plane, samples.Address);
    }

    /// <summary>View of plane <paramref name="plane"/>, for writing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format has no such plane.</exception>
    /// <exception cref="InvalidOperationException">The frame has more than one owner.</exception>
    public static Mat WritableView(Frame frame, int plane = 0)
    {
        FrameFormat format = frame.Format;
        WritablePlane samples = frame.WritablePlane(plane);
        return Over(format, plane, samples.Address);
    }

    /// <summary>Type of the samples of plane <paramref name="plane"/>.</summary>
    public static MatType TypeOf(PixelFormat pixels, int plane = 0) => (pixels, plane) switch
    {
        (PixelFormat.Gray16, _) => MatType.CV_16UC1,
        (PixelFormat.GrayF32, _) => MatType.CV_32FC1,
        (PixelFormat.Bgr24, _) => MatType.CV_8UC3,
        (PixelFormat.Nv12, 1) => MatType.CV_8UC2,
        _ => MatType.CV_8UC1,
    };

    /// <summary>Columns x rows of plane <paramref name="plane"/>: those of the picture, or half of them rounded up for chroma.</summary>
    public static FrameSize SizeOf(FrameFormat format, int plane) =>
        plane == 0 ? format.Size : new((format.Size.Width + 1) / 2, (format.Size.Height + 1) / 2);

    private static Mat Over(FrameFormat format, int plane, nint address)
    {
        FrameSize size = SizeOf(format, plane);
        return Mat.FromPixelData(size.Height, size.Width, TypeOf(format.Pixels, plane), address, format.StrideBytes(plane));
    }
}
