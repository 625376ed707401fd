using EmmaStream.Core.Frames;
using EmmaStream.Testing;

namespace EmmaStream.Registration.Tests;

public sealed class WarpMapTests : IDisposable
{
    private readonly LeakCheckedPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_shift_moves_the_picture_and_leaves_the_rest_uncovered()
    {
        using WarpMap map = new(new(64, 48), new(64, 48), Matrix3.Identity with { M13 = -10 }, _pool.Pool);   // output x shows infrared x - 10
        using Frame infrared = Ramp(64, 48);
        using Frame registered = map.Apply(infrared);
        for (int x = 10; x < 64; x++)
            Assert.Equal((x - 10) * 4, registered.Plane(0).Row<byte>(20)[x]);
        ReadOnlySpan<byte> coverage = map.Coverage!.Plane(0).Row<byte>(20);
        Assert.Equal(0, coverage[9]);
        Assert.Equal(0, coverage[10]);
        Assert.InRange(coverage[14], 120, 135);
        Assert.Equal(255, coverage[18]);
        Assert.Equal(255, coverage[40]);
    }

    [Fact]
    public void A_homography_takes_each_pixel_from_where_it_says()
    {
        Matrix3 infraredToVisible = new(1.1, 0.05, -3, -0.04, 1.08, 2, 1e-4, -5e-5, 1);
        using WarpMap map = new(new(200, 150), new(200, 150), infraredToVisible.Inverse(), _pool.Pool);
        using Frame infrared = Some.Frame(_pool.Pool, width: 200, height: 150);
        for (int y = 0; y < 150; y++)
        {
            for (int x = 0; x < 200; x++)
                infrared.WritablePlane(0).Row<byte>(y)[x] = (byte)((x + y) / 2);
        }
        using Frame registered = map.Apply(infrared);
        for (int y = 10; y < 150; y += 13)
        {
            for (int x = 10; x < 200; x += 17)
            {
                (double u, double v) = infraredToVisible.Inverse().Apply(x, y);
                if (u is > 1 and < 198 && v is > 1 and < 148)
                    Assert.InRange(registered.Plane(0).Row<byte>(y)[x] - (u + v) / 2, -1.1, 0.6);
            }
        }
    }

    [Fact]
    public void Sixteen_bits_stay_sixteen_bits()
    {
        using WarpMap map = new(new(32, 32), new(32, 32), Matrix3.Identity, _pool.Pool);
        using Frame infrared = Some.Frame(_pool.Pool, width: 32, height: 32, pixels: PixelFormat.Gray16);
        infrared.WritablePlane(0).Samples<ushort>().Fill(40001);
        using Frame registered = map.Apply(infrared);
        Assert.Equal(PixelFormat.Gray16, registered.Format.Pixels);
        Assert.All(registered.Plane(0).Samples<ushort>().ToArray(), v => Assert.Equal(40001, v));
    }

    [Fact]
    public void Full_cover_needs_no_coverage_plane()
    {
        using WarpMap map = new(new(32, 24), new(64, 48), Matrix3.Scale(2, 2).Inverse(), _pool.Pool);
        Assert.Null(map.Coverage);
    }

    [Fact]
    public void Only_the_luma_of_a_colour_stream_is_registered_in_its_own_range()
    {
        using WarpMap map = new(new(33, 25), new(33, 25), Matrix3.Identity, _pool.Pool);
        using Frame infrared = Some.Frame(_pool.Pool, value: 77, width: 33, height: 25, pixels: PixelFormat.Yuv420P, range: ColorRange.Limited);
        using Frame registered = map.Apply(infrared);
        Assert.Equal(new FrameFormat(PixelFormat.Gray8, new(33, 25), ColorRange.Limited), registered.Format);
        Assert.Equal(77, registered.Bytes[400]);
    }

    [Fact]
    public void A_view_behind_the_horizon_is_uncovered_and_finite()
    {
        using WarpMap map = new(new(64, 48), new(64, 48), new(1, 0, 0, 0, 1, 0, -0.05, 0, 1), _pool.Pool);
        using Frame infrared = Ramp(64, 48);
        using Frame registered = map.Apply(infrared);
        Assert.Equal(0, map.Coverage!.Plane(0).Row<byte>(10)[60]);
    }

    [Fact]
    public void Another_size_than_the_maps_is_our_mistake()
    {
        using WarpMap map = new(new(64, 48), new(64, 48), Matrix3.Identity, _pool.Pool);
        using Frame other = Some.Frame(_pool.Pool);
        Assert.Throws<ArgumentException>(() => map.Apply(other));
    }

    [Theory]
    [InlineData(PixelFormat.Gray8)]
    [InlineData(PixelFormat.Yuv420P)]
    [InlineData(PixelFormat.Nv12)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Gray16)]
    public void The_scaler_resizes_every_plane(PixelFormat pixels)
    {
        using Frame frame = Some.Frame(_pool.Pool, value: 90, width: 65, height: 33, pixels: pixels);
        using Frame smaller = new FrameScaler(_pool.Pool).Apply(frame, new(31, 17));
        using Frame larger = new FrameScaler(_pool.Pool).Apply(frame, new(130, 66));
        Assert.Equal((new FrameSize(31, 17), new FrameSize(130, 66)), (smaller.Size, larger.Size));
        Assert.All(smaller.Bytes.ToArray(), v => Assert.Equal(90, v));
        Assert.All(larger.Bytes.ToArray(), v => Assert.Equal(90, v));
    }

    [Fact]
    public void A_matrix_times_its_inverse_maps_to_itself()
    {
        Matrix3 m = new(1.1, 0.05, -3, -0.04, 1.08, 2, 1e-4, -5e-5, 1);
        (double x, double y) = (m * m.Inverse()).Apply(123, 45);
        Assert.Equal(123, x, 9);
        Assert.Equal(45, y, 9);
    }

    private Frame Ramp(int width, int height)
    {
        Frame frame = Some.Frame(_pool.Pool, width: width, height: height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                frame.WritablePlane(0).Row<byte>(y)[x] = (byte)(x * 4);
        }
        return frame;
    }
}
