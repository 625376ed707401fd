using EmmaStream.Core.Frames;
using EmmaStream.Registration.Warping;
using EmmaStream.Testing;

namespace EmmaStream.Registration.Tests.Warping;

public sealed class FrameScaleTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();

    public void Dispose() => _leaks.Dispose();

    [Fact]
    public void A_frame_of_the_size_is_shared()
    {
        using Frame frame = Some.Frame(_leaks.Pool, width: 40, height: 30);
        using Frame same = new FrameScale(_leaks.Pool).Apply(frame, new(40, 30));
        Assert.Equal(frame.Plane(0).Address, same.Plane(0).Address);
    }

    [Theory]
    [InlineData(PixelFormat.Yuv420P)]
    [InlineData(PixelFormat.Nv12)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Gray16)]
    public void Every_plane_is_scaled_and_format_and_stamp_stay(PixelFormat pixels)
    {
        using Frame frame = Some.Frame(_leaks.Pool, 40, 77, 41, 31, pixels, ColorRange.Limited, 5);
        foreach (FrameSize size in (FrameSize[])[new(20, 15), new(81, 61), new(60, 20)])
        {
            using Frame scaled = new FrameScale(_leaks.Pool).Apply(frame, size);
            Assert.Equal(frame.Format with { Size = size }, scaled.Format);
            Assert.Equal(frame.Stamp, scaled.Stamp);
            foreach (byte value in scaled.Bytes)
                Assert.Equal(77, value);
        }
    }

    [Fact]
    public void Halving_takes_the_mean_of_four_pixels_and_doubling_keeps_pixel_centres()
    {
        using Frame frame = Some.Frame(_leaks.Pool, width: 8, height: 2, value: 0);
        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 8; x++)
                frame.WritablePlane(0).Row<byte>(y)[x] = (byte)(16 * x + 4 * y);
        }
        using Frame half = new FrameScale(_leaks.Pool).Apply(frame, new(4, 1));
        Assert.Equal([10, 42, 74, 106], half.Bytes.ToArray());
        using Frame twice = new FrameScale(_leaks.Pool).Apply(frame, new(16, 4));
        Assert.Equal([0, 4, 12, 20, 28], twice.Bytes[..5].ToArray());   // centres at (x + 0.5) / 2 - 0.5
    }
}
