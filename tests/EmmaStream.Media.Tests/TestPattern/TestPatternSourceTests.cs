using System.Security.Cryptography;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Imaging;
using EmmaStream.Media.TestPattern;
using EmmaStream.Testing;
using OpenCvSharp;

namespace EmmaStream.Media.Tests.TestPattern;

public sealed class TestPatternSourceTests : IDisposable
{
    private static readonly double[] Tilted = [0.98, -0.05, 14.5, 0.045, 1.01, -9.25, 2e-5, -3e-5, 1];

    private readonly LeakCheckedPool _leaks = new();

    private static TestPatternOptions Clean => new() { Noise = 0, Counter = false };

    public void Dispose() => _leaks.Dispose();

    [Theory]
    [InlineData(StreamRole.Visible)]
    [InlineData(StreamRole.Infrared)]
    public async Task Equal_options_give_equal_bytes_and_another_seed_others(StreamRole role)
    {
        using Frame one = await PaintAsync(role, new(), 3), same = await PaintAsync(role, new(), 3), other = await PaintAsync(role, new() { Seed = 2 }, 3);
        Assert.True(one.Bytes.SequenceEqual(same.Bytes));
        Assert.False(one.Bytes.SequenceEqual(other.Bytes));
    }

    [Theory]
    [InlineData(StreamRole.Visible, false, "4330630aacd6b590")]
    [InlineData(StreamRole.Infrared, false, "43566c915ffb452c")]
    [InlineData(StreamRole.Infrared, true, "5244752557df8863")]
    public async Task A_frame_is_the_same_on_every_machine(StreamRole role, bool wide, string sha256)
    {
        TestPatternOptions options = new() { Infrared16Bit = wide, InfraredSize = new(320, 240), Homography = wide ? [2, 0.02, 0.5, -0.01, 2, 0.5, 1e-5, 0, 1] : null };
        using Frame frame = await PaintAsync(role, options, 30);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(frame.Bytes))[..16]);
    }

    [Fact]
    public async Task The_walker_in_the_alley_shows_in_the_infrared_only()
    {
        using Frame visible = await PaintAsync(StreamRole.Visible, Clean, 100), infrared = await PaintAsync(StreamRole.Infrared, Clean, 100);
        Rect alley = new(252, 250, 56, 60);
        (double visibleLow, double visibleHigh) = Extremes(visible, alley);
        (double infraredLow, double infraredHigh) = Extremes(infrared, alley);
        Assert.InRange(visibleHigh - visibleLow, 0, 8);
        Assert.InRange(infraredHigh - infraredLow, 120, 255);
    }

    [Fact]
    public async Task The_lettering_shows_in_the_visible_only()
    {
        using Frame visible = await PaintAsync(StreamRole.Visible, Clean, 0), infrared = await PaintAsync(StreamRole.Infrared, Clean, 0);
        Rect sign = new(30, 231, 150, 18);
        (double visibleLow, double visibleHigh) = Extremes(visible, sign);
        (double infraredLow, double infraredHigh) = Extremes(infrared, sign);
        Assert.InRange(visibleHigh - visibleLow, 100, 255);
        Assert.InRange(infraredHigh - infraredLow, 0, 8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(140)]
    public async Task Both_views_show_the_walker_under_the_lamp_at_the_same_place(int number)
    {
        using Frame visible = await PaintAsync(StreamRole.Visible, Clean, number), infrared = await PaintAsync(StreamRole.Infrared, Clean, number);
        using Mat red = FrameMats.View(visible, 2), warm = FrameMats.View(infrared);
        using Mat redLeft = new(red, new Rect(172, 130, 148, 30)), warmRight = new(warm, new Rect(344, 260, 296, 60));
        using Mat coat = redLeft.GreaterThan(150).ToMat(), body = warmRight.GreaterThan(170).ToMat();
        double visibleX = Cv2.Moments(coat, true) is var v ? 344 + 2 * v.M10 / v.M00 : 0;
        double infraredX = Cv2.Moments(body, true) is var m ? 344 + m.M10 / m.M00 : 0;
        Assert.InRange(visibleX - infraredX, -4, 4);
    }

    [Fact]
    public async Task The_infrared_is_the_street_seen_through_the_homography()
    {
        TestPatternOptions tilted = Clean with { Homography = Tilted };
        using Frame aligned = await PaintAsync(StreamRole.Infrared, Clean, 90), moved = await PaintAsync(StreamRole.Infrared, tilted, 90);
        using Mat from = FrameMats.View(moved), truth = FrameMats.View(aligned), registered = new(), known = new(), ones = new(480, 640, MatType.CV_8UC1, Scalar.White);
        using Mat infraredToVisible = Mat.FromPixelData(3, 3, MatType.CV_64FC1, Tilted);
        Cv2.WarpPerspective(from, registered, infraredToVisible, new Size(640, 480));
        Cv2.WarpPerspective(ones, known, infraredToVisible, new Size(640, 480), InterpolationFlags.Nearest);
        using Mat inside = new(), difference = new();
        Cv2.Erode(known, inside, null, iterations: 3);
        Cv2.Absdiff(registered, truth, difference);
        double mean = Cv2.Mean(difference, inside).Val0;
        Assert.InRange(Cv2.CountNonZero(inside), 250_000, 307_200);
        Assert.InRange(mean, 0, 1);

        Cv2.Absdiff(from, truth, difference);   // it is really moved
        Assert.InRange(Cv2.Mean(difference, inside).Val0, 4, 255);
    }

    [Fact]
    public async Task A_smaller_infrared_is_the_same_view_at_its_size()
    {
        using Frame full = await PaintAsync(StreamRole.Infrared, Clean, 90), half = await PaintAsync(StreamRole.Infrared, Clean with { InfraredSize = new(320, 240) }, 90);
        using Mat large = FrameMats.View(full), small = FrameMats.View(half), reduced = new(), difference = new();
        Cv2.Resize(large, reduced, new Size(320, 240), 0, 0, InterpolationFlags.Area);
        Cv2.Absdiff(reduced, small, difference);
        Assert.InRange(Cv2.Mean(difference).Val0, 0, 2);
    }

    [Fact]
    public async Task The_infrared_offset_shifts_what_a_frame_shows_and_not_its_stamp()
    {
        using Frame late = await PaintAsync(StreamRole.Infrared, Clean with { InfraredOffset = TimeSpan.FromMilliseconds(200) }, 10);
        using Frame plain = await PaintAsync(StreamRole.Infrared, Clean, 15), unshifted = await PaintAsync(StreamRole.Infrared, Clean, 10);
        Assert.True(late.Bytes.SequenceEqual(plain.Bytes));
        Assert.Equal(unshifted.Stamp, late.Stamp);
        Assert.False(unshifted.Bytes.SequenceEqual(plain.Bytes));
    }

    [Fact]
    public async Task Sixteen_bits_hold_the_same_picture_in_counts()
    {
        using Frame gray = await PaintAsync(StreamRole.Infrared, new() { Noise = 0 }, 5), wide = await PaintAsync(StreamRole.Infrared, new() { Noise = 0, Infrared16Bit = true }, 5);
        ReadOnlySpan<ushort> counts = wide.Plane(0).Samples<ushort>();
        for (int i = 0; i < counts.Length; i++)
            Assert.Equal(29_000 + 16 * gray.Bytes[i], counts[i]);
    }

    [Fact]
    public async Task Frames_are_stamped_by_their_exact_rate_and_end_with_the_duration()
    {
        TestPatternOptions options = new()
        {
            VisibleSize = new(160, 120), VisibleRate = new(30000, 1001), InfraredSize = new(160, 120), InfraredRate = new(9, 1), Duration = TimeSpan.FromSeconds(1),
        };
        await using TestPatternSource visible = new(StreamRole.Visible, options, _leaks.Pool), infrared = new(StreamRole.Infrared, options, _leaks.Pool);
        Assert.Equal((30, 9), (visible.Description.FrameCount, infrared.Description.FrameCount));
        for (int i = 0; i < 30; i++)
        {
            using Frame? frame = await visible.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(new FrameStamp(new RationalTime(1001, 30000).ToTimestamp(i), i * 3003, i, "test pattern, visible"), frame!.Stamp);
            Assert.Equal(visible.Description.Format, frame.Format);
        }
        Assert.Null(await visible.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Null(await visible.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Frames_and_duration_limit_each_other()
    {
        TestPatternOptions small = new() { VisibleSize = new(160, 120) };
        Assert.Null(new TestPatternSource(StreamRole.Visible, small, _leaks.Pool).Description.FrameCount);
        Assert.Equal(7, new TestPatternSource(StreamRole.Visible, small with { Frames = 7 }, _leaks.Pool).Description.FrameCount);
        Assert.Equal(5, new TestPatternSource(StreamRole.Visible, small with { Frames = 7, Duration = TimeSpan.FromMilliseconds(200) }, _leaks.Pool).Description.FrameCount);
    }

    [Theory]
    [InlineData(160, 120)]
    [InlineData(641, 359)]
    [InlineData(200, 400)]
    public async Task Any_size_can_be_painted(int width, int height)
    {
        TestPatternOptions options = new() { VisibleSize = new(width, height), InfraredSize = new(width / 2 + 80, height / 2 + 60) };
        using Frame visible = await PaintAsync(StreamRole.Visible, options, 100), infrared = await PaintAsync(StreamRole.Infrared, options, 100);
        Assert.True(FrameCounter.TryRead(visible, CounterCorner.UpperRight, out long number));
        Assert.Equal(100, number);
        Assert.True(FrameCounter.TryRead(infrared, CounterCorner.LowerLeft, out number));
        Assert.Equal(100, number);
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        TestPatternOptions options = new()
        {
            VisibleSize = new(100, 480), InfraredRate = new(0, 1), Duration = TimeSpan.Zero, Frames = 0, Noise = double.NaN,
            InfraredOffset = TimeSpan.FromSeconds(-11), Homography = [1, 0, 0, 0, 1, 0, 0, 0, 0],
        };
        Assert.Equal(
            ["p.visibleSize", "p.infraredRate", "p.duration", "p.frames", "p.noise", "p.infraredOffset", "p.homography"],
            options.Problems("p").Select(line => line.Split(' ')[0]));
        Assert.Empty(new TestPatternOptions().Problems("p"));
        Fault fault = Assert.Throws<Fault>(() => new TestPatternSource(StreamRole.Visible, options, _leaks.Pool));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.Contains("p", fault.Message, StringComparison.Ordinal);
    }

    private async Task<Frame> PaintAsync(StreamRole role, TestPatternOptions options, int number)
    {
        await using TestPatternSource source = new(role, options, _leaks.Pool);
        for (int i = 0; i < number; i++)
            (await source.ReadAsync(TestContext.Current.CancellationToken))!.Dispose();
        return (await source.ReadAsync(TestContext.Current.CancellationToken))!;
    }

    private static (double Low, double High) Extremes(Frame frame, Rect area)
    {
        using Mat plane = FrameMats.View(frame);
        using Mat part = new(plane, area);
        Cv2.MinMaxLoc(part, out double low, out double high);
        return (low, high);
    }
}
