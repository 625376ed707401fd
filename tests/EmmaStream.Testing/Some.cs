using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;

namespace EmmaStream.Testing;

/// <summary>Small frames for tests: say what matters, the rest is ordinary.</summary>
public static class Some
{
    /// <summary>A frame whose every byte is <paramref name="value"/>.</summary>
    public static Frame Frame(
        FramePool pool, double captureMs = 0, byte value = 128, int width = 16, int height = 16,
        PixelFormat pixels = PixelFormat.Gray8, ColorRange range = ColorRange.Full, long sequence = 0, string source = "test")
    {
        Timestamp time = Timestamp.FromMilliseconds(captureMs);
        Frame frame = pool.Rent(
            new FrameFormat(pixels, new FrameSize(width, height), range),
            new FrameStamp(time, RationalTime.Video.ToTicks(time), sequence, source));
        frame.WritableBytes.Fill(value);
        return frame;
    }
}
