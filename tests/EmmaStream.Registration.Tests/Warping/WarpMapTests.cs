using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Media.TestPattern;
using EmmaStream.Registration.Files;
using EmmaStream.Registration.Warping;
using EmmaStream.Testing;
using OpenCvSharp;

namespace EmmaStream.Registration.Tests.Warping;

public sealed class WarpMapTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();

    private FramePool Pool => _leaks.Pool;

    public void Dispose() => _leaks.Dispose();

    [Theory]
    [InlineData(640, 480, 640, 480, 0.98, -0.05, 14.5, 0.045, 1.01, -9.25, 2e-5, -3e-5)]
    [InlineData(640, 480, 640, 480, 0.8, 0.12, 40, -0.12, 0.8, 70, 0, 0)]
    [InlineData(320, 240, 640, 480, 1.9, 0.03, 8, -0.02, 1.95, 3, 1e-5, 0)]
    [InlineData(640, 480, 640, 360, 1.02, 0, -3, 0, 1.02, -60, 0, 0)]
    public async Task The_registered_test_pattern_is_the_street_in_visible_geometry(
        int infraredWidth, int infraredHeight, int visibleWidth, int visibleHeight, double a, double b, double c, double d, double e, double f, double g, double h)
    {
        Homography infraredToVisible = new(a, b, c, d, e, f, g, h, 1);
        FrameSize infrared = new(infraredWidth, infraredHeight), visible = new(visibleWidth, visibleHeight);
        using Frame seen = await PaintAsync(infrared, visible, infraredToVisible.Values), truth = await PaintAsync(visible, visible, null);
        using WarpMap map = new(infraredToVisible, infrared, visible, Pool);
        using Frame registered = map.Apply(seen);
        Assert.Equal(truth.Format, registered.Format);
        Assert.Equal(seen.Stamp, registered.Stamp);
        (double before, _) = Difference(truth, truth.Size == seen.Size ? seen : registered, map.Coverage);
        (double after, int pixels) = Difference(truth, registered, map.Coverage);
        Assert.InRange(pixels, visible.Area * 6 / 10, visible.Area);
        Assert.InRange(after, 0, infrared.Area < visible.Area ? 2 : 1);
        Assert.True(truth.Size != seen.Size || before > 3 * after, $"before {before}, after {after}");
    }

    [Fact]
    public async Task The_scale_to_the_output_is_folded_in()
    {
        Homography infraredToVisible = new(1.96, 0.03, 8, -0.02, 1.98, 3, 0, 0, 1);
        FrameSize infrared = new(320, 240), visible = new(640, 480), output = new(320, 240);
        using Frame seen = await PaintAsync(infrared, visible, infraredToVisible.Values), truth = await PaintAsync(output, visible, null);
        RegistrationFile registration = new() { Infrared = infrared, Visible = visible, Output = output, InfraredToVisible = infraredToVisible };
        using WarpMap map = WarpMap.Of(registration, Pool);
        using Frame registered = map.Apply(seen);
        (double after, _) = Difference(truth, registered, map.Coverage);
        Assert.InRange(after, 0, 1);
    }

    [Fact]
    public void A_shift_by_whole_pixels_moves_samples_exactly_and_its_coverage_is_a_ramp()
    {
        using Frame frame = Noise(PixelFormat.Gray8, 40, 30);
        using WarpMap map = new(new Homography(1, 0, 5, 0, 1, -3, 0, 0, 1), new(40, 30), new(40, 30), Pool);   // 5 to the right, 3 up
        using Frame warped = map.Apply(frame);
        for (int y = 0; y < 27; y++)
        {
            for (int x = 5; x < 40; x++)
                Assert.Equal(frame.Plane(0).Row<byte>(y + 3)[x - 5], warped.Plane(0).Row<byte>(y)[x]);
        }
        // In the middle row only the left edge counts: the first known pixel's centre lies half a pixel inside.
        int[] left = [.. Enumerable.Range(0, 5).Select(_ => 0), .. Enumerable.Range(0, 8).Select(i => (int)Math.Round(255 * (i + 0.5) / 8)), 255, 255];
        Assert.Equal(left, map.Coverage!.Plane(0).Row<byte>(12)[..15].ToArray().Select(v => (int)v));
        // On the right the infrared goes on for 4.5 pixels beyond the last centre, below it ends 2.5 rows before the picture does.
        Assert.Equal((int)Math.Round(255 * 5.5 / 8), map.Coverage.Plane(0).Row<byte>(12)[39]);
        Assert.Equal([0, 0, 0, 16, 48], Enumerable.Range(0, 5).Select(i => (int)map.Coverage.Plane(0).Row<byte>(29 - i)[25]));
        Assert.Equal(new FrameFormat(PixelFormat.Gray8, new(40, 30)), map.Coverage.Format);
    }

    [Fact]
    public void Sixteen_bits_and_floats_keep_their_values()
    {
        foreach (PixelFormat pixels in (PixelFormat[])[PixelFormat.Gray16, PixelFormat.GrayF32])
        {
            using Frame frame = Noise(pixels, 40, 30);
            using WarpMap map = new(new Homography(1, 0, 0, 0, 1, 2, 0, 0, 1), new(40, 30), new(40, 30), Pool);
            using Frame warped = map.Apply(frame);
            Assert.Equal(frame.Format, warped.Format);
            int row = frame.Format.StrideBytes(0);
            Assert.True(warped.Bytes[(2 * row)..].SequenceEqual(frame.Bytes[..^(2 * row)]));
        }
    }

    [Theory]
    [InlineData(PixelFormat.Yuv420P, ColorRange.Limited)]
    [InlineData(PixelFormat.Nv12, ColorRange.Full)]
    public void Of_a_colour_infrared_the_luma_is_taken_with_its_range(PixelFormat pixels, ColorRange range)
    {
        using Frame frame = Some.Frame(Pool, value: 77, width: 40, height: 30, pixels: pixels, range: range);
        using WarpMap map = new(new Homography(1, 0, 4, 0, 1, 0, 0, 0, 1), new(40, 30), new(40, 30), Pool);
        using Frame warped = map.Apply(frame);
        Assert.Equal(new FrameFormat(PixelFormat.Gray8, new(40, 30), range), warped.Format);
        Assert.Equal(77, warped.Bytes[20]);
    }

    [Fact]
    public void A_bgr_infrared_gives_its_luma()
    {
        using Frame frame = Some.Frame(Pool, value: 90, width: 40, height: 30, pixels: PixelFormat.Bgr24);
        using WarpMap map = new(new Homography(1, 0, 4, 0, 1, 0, 0, 0, 1), new(40, 30), new(40, 30), Pool);
        using Frame warped = map.Apply(frame);
        Assert.Equal((PixelFormat.Gray8, 90), (warped.Format.Pixels, warped.Bytes[20]));
    }

    [Fact]
    public void Identity_shares_the_frame_and_knows_everything()
    {
        using Frame frame = Noise(PixelFormat.Gray16, 40, 30);
        using WarpMap map = new(new Homography(2, 0, 0.01, 0, 2, 0, 0, 0, 2), new(40, 30), new(40, 30), Pool);   // 0.005 pixels off
        Assert.True(map.IsIdentity);
        Assert.Null(map.Coverage);
        using Frame same = map.Apply(frame);
        Assert.Equal(frame.Plane(0).Address, same.Plane(0).Address);
        using WarpMap slight = new(new Homography(1, 0, 0.1, 0, 1, 0, 0, 0, 1), new(40, 30), new(40, 30), Pool);
        Assert.False(slight.IsIdentity);
    }

    [Fact]
    public void A_map_that_fills_the_picture_needs_no_coverage()
    {
        using WarpMap fitting = new(Homography.Scale(new(20, 15), new(40, 30)), new(20, 15), new(40, 30), Pool);
        using WarpMap larger = new(new Homography(2, 0, -10, 0, 2, -10, 0, 0, 1), new(40, 30), new(40, 30), Pool);
        Assert.Null(fitting.Coverage);
        Assert.Null(larger.Coverage);
    }

    [Fact]
    public void Beyond_the_horizon_nothing_is_known_and_nothing_breaks()
    {
        // w = 1 + 0.05 (x - 30) is 0 at infrared x = 10; the picture's middle lies beyond it, so output left of infinity is unknown.
        using Frame frame = Noise(PixelFormat.Gray8, 40, 30);
        using WarpMap map = new(new Homography(1, 0, 0, 0, 1, 0, 0.05, 0, -0.5), new(40, 30), new(400, 30), Pool);
        using Frame warped = map.Apply(frame);
        Assert.Equal(0, map.Coverage!.Plane(0).Row<byte>(15)[0]);
        Assert.Contains((byte)255, map.Coverage.Bytes.ToArray());
    }

    [Fact]
    public void A_frame_of_another_size_is_refused()
    {
        using Frame frame = Noise(PixelFormat.Gray8, 40, 31);
        using WarpMap map = new(new Homography(1, 0, 4, 0, 1, 0, 0, 0, 1), new(40, 30), new(40, 30), Pool);
        Assert.Contains("40x30", Assert.Throws<ArgumentException>(() => map.Apply(frame)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new WarpMap(default, new(40, 30), new(40, 30), Pool));
    }

    [Fact]
    public void Applying_a_map_allocates_only_owner_objects()
    {
        using Frame frame = Noise(PixelFormat.Gray8, 320, 240);
        using WarpMap map = new(new Homography(1, 0.01, 4, 0, 1, 0, 0, 0, 1), new(320, 240), new(320, 240), Pool);
        map.Apply(frame).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
            map.Apply(frame).Dispose();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 50, 0, 640);
    }

    private Frame Noise(PixelFormat pixels, int width, int height)
    {
        Frame frame = Some.Frame(Pool, width: width, height: height, pixels: pixels);
        Random random = new(9);
        if (pixels == PixelFormat.GrayF32)
        {
            foreach (ref float sample in frame.WritablePlane(0).Samples<float>())
                sample = random.NextSingle();
        }
        else
            random.NextBytes(frame.WritableBytes);
        return frame;
    }

    private async Task<Frame> PaintAsync(FrameSize infrared, FrameSize visible, IReadOnlyList<double>? homography)
    {
        TestPatternOptions options = new()
        {
            InfraredSize = infrared, VisibleSize = visible, Homography = homography, InfraredRate = new(1, 1), Noise = 0, Counter = false,
        };
        await using TestPatternSource source = new(StreamRole.Infrared, options, Pool);
        for (int i = 0; i < 4; i++)
            (await source.ReadAsync(TestContext.Current.CancellationToken))!.Dispose();
        return (await source.ReadAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Mean distance where the coverage is full, and the number of such pixels.</summary>
    private static (double Mean, int Pixels) Difference(Frame truth, Frame other, Frame? coverage)
    {
        long sum = 0;
        int count = 0;
        ReadOnlySpan<byte> a = truth.Bytes, b = other.Bytes;
        for (int i = 0; i < a.Length; i++)
        {
            if (coverage is not null && coverage.Bytes[i] < 255)
                continue;
            sum += Math.Abs(a[i] - b[i]);
            count++;
        }
        return ((double)sum / count, count);
    }
}
