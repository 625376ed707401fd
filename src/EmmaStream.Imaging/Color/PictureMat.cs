using EmmaStream.Core.Frames;
using OpenCvSharp;

namespace EmmaStream.Imaging.Color;

/// <summary>A frame as the full-range gray or BGR matrix that picture files and screens want.</summary>
internal static class PictureMat
{
    /// <summary>CV_8UC1, CV_16UC1 or CV_8UC3, full range; a view over the frame's memory where nothing has to be converted.</summary>
    internal static Mat From(Frame frame)
    {
        FrameFormat format = frame.Format;
        switch (format.Pixels)
        {
            case PixelFormat.Bgr24:
                return FrameMats.View(frame);
            case PixelFormat.Yuv420P or PixelFormat.Nv12:
                Mat bgr = new(format.Size.Height, format.Size.Width, MatType.CV_8UC3);
                YuvConversion.ToBgr(frame, bgr);
                return bgr;
            case PixelFormat.Gray8 or PixelFormat.Gray16 when format.Range == ColorRange.Full:
                return FrameMats.View(frame);
            default:
                return Expand(frame);
        }
    }

    private static Mat Expand(Frame frame)
    {
        using Mat gray = FrameMats.View(frame);
        Mat full = new();
        if (frame.Format.Pixels == PixelFormat.GrayF32)
            gray.ConvertTo(full, MatType.CV_8UC1, 255);
        else if (frame.Format.Pixels == PixelFormat.Gray16)
            gray.ConvertTo(full, MatType.CV_16UC1, 65535.0 / (219 * 256), -65535.0 * 16 / 219);
        else
            gray.ConvertTo(full, MatType.CV_8UC1, 255.0 / 219, -255.0 * 16 / 219);
        return full;
    }
}
