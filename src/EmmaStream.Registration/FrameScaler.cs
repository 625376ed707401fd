using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using OpenCvSharp;

namespace EmmaStream.Registration;

/// <summary>Resizes frames of any format, every plane: by area where they shrink, bilinearly where they grow. Edges stay on edges.</summary>
/// <param name="pool">Lends the resized pictures.</param>
public sealed class FrameScaler(FramePool pool)
{
    /// <summary>The frame at <paramref name="target"/> size, with the same stamp, which the caller owns.</summary>
    public Frame Apply(Frame frame, FrameSize target)
    {
        if (frame.Size == target)
            return frame.Share();
        InterpolationFlags method = target.Area < frame.Size.Area ? InterpolationFlags.Area : InterpolationFlags.Linear;
        Frame scaled = pool.Rent(frame.Format with { Size = target }, frame.Stamp);
        for (int plane = 0; plane < frame.Format.PlaneCount; plane++)
        {
            using Mat source = FrameMats.View(frame, plane);
            using Mat result = FrameMats.WritableView(scaled, plane);
            Cv2.Resize(source, result, result.Size(), 0, 0, method);
        }
        return scaled;
    }
}
