using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Html;

/// <summary>A gray plane as a picture file.</summary>
internal static class PlanePicture
{
    /// <summary>Writes it; the extension tells the format.</summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">The file cannot be written.</exception>
    public static void Write(string path, GrayPlane plane, FramePool pool)
    {
        using Frame frame = pool.Rent(new FrameFormat(PixelFormat.Gray8, new FrameSize(plane.Width, plane.Height)), new FrameStamp(default, 0, 0, path));
        plane.Samples.CopyTo(frame.WritableBytes);
        StillImage.Write(path, frame);
    }
}
