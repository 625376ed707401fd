using EmmaStream.Core.Frames;
using EmmaStream.Registration.Warping;
using EmmaStream.Testing;

namespace EmmaStream.Registration.Tests.Warping;

public sealed class FrameScaleTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();
    private readonly FrameScale _scale;

    public FrameScaleTests() => _scale = new(_leaks.Pool);

    public void Dispose()
    {
        _scale.Dispose();
        _leaks.Dispose();
    }

    [Fact]
    public void A_frame_of_the_size_is_shared()
    {
        using Frame frame = Some.Frame(_leaks.Pool, width: 40, height: 30);
        using Frame same = _scale.Apply(frame, new(40, 30));
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
            using Frame scaled = _scale.Apply(frame, size);
            Assert.Equal(frame.Format with { Size = size }, scaled.Format);
            Assert.Equal(frame.Stamp, scaled.Stamp);
            foreach (byte value in scaled.Bytes)
                Assert.Equal(77, value);
        }
    }

    [Fact]
    public void A_picture_in_memory_that_another_format_had_before_is_scaled_by_its_own_layout()
    {
        // 40x30 yuv420p and 60x30 gray8 are 1800 bytes each: the pool gives the second the first one's memory.
        Assert.Equal(new FrameFormat(PixelFormat.Yuv420P, new(40, 30)).ByteSize, new FrameFormat(PixelFormat.Gray8, new(60, 30)).ByteSize);
        using (Frame color = Some.Frame(_leaks.Pool, width: 40, height: 30, pixels: PixelFormat.Yuv420P))
        using (Frame scaled = _scale.Apply(color, new(20, 15)))
            Assert.Equal(new FrameSize(20, 15), scaled.Size);
        using Frame gray = Some.Frame(_leaks.Pool, width: 60, height: 30, value: 0);
        for (int y = 0; y < 30; y++)
            gray.WritablePlane(0).Row<byte>(y).Fill((byte)(8 * y));
        using Frame half = _scale.Apply(gray, new(30, 15));
        for (int y = 0; y < 15; y++)
            Assert.All(half.Plane(0).Row<byte>(y).ToArray(), value => Assert.Equal(16 * y + 4, value));
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
        using Frame half = _scale.Apply(frame, new(4, 1));
        Assert.Equal([10, 42, 74, 106], half.Bytes.ToArray());
        using Frame twice = _scale.Apply(frame, new(16, 4));
        Assert.Equal([0, 4, 12, 20, 28], twice.Bytes[..5].ToArray());   // centres at (x + 0.5) / 2 - 0.5
    }
}
