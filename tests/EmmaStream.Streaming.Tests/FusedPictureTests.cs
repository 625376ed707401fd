using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Sinks;
using EmmaStream.Streaming.Fusing;
using EmmaStream.Streaming.Tests.Parts;
using EmmaStream.Testing;

namespace EmmaStream.Streaming.Tests;

/// <summary>What one pair becomes on its way through the whole graph, for every format that a source delivers.</summary>
public sealed class FusedPictureTests : IDisposable
{
    private readonly LeakCheckedPool _pool = new();

    [Theory]
    [InlineData(ColorRange.Limited, 60, ColorRange.Limited, 200)]
    [InlineData(ColorRange.Full, 60, ColorRange.Limited, 200)]
    [InlineData(ColorRange.Limited, 60, ColorRange.Full, 200)]
    [InlineData(ColorRange.Full, 255, ColorRange.Full, 255)]
    [InlineData(ColorRange.Full, 0, ColorRange.Limited, 16)]
    [InlineData(ColorRange.Full, 255, ColorRange.Limited, 235)]
    public async Task Luma_of_either_range_is_averaged_and_returned_in_the_range_of_the_visible(ColorRange irRange, byte ir, ColorRange viRange, byte vi)
    {
        Delivered fused = await FuseOneAsync(Yuv(15, 13, irRange), Fill(ir, 90, 160), Yuv(15, 13, viRange), Fill(vi, 100, 140));

        double unit = (Unit(ir, irRange) + Unit(vi, viRange)) / 2;
        double expected = viRange == ColorRange.Limited ? 16 + 219 * unit : 255 * unit;
        Assert.Equal(Yuv(15, 13, viRange), fused.Format);
        Assert.All(fused.Fused[..(15 * 13)], luma => Assert.InRange(luma - expected, -0.5001, 0.5001));
        // The chroma of the visible, whatever the infrared's was: 8 x 7 samples each.
        Assert.All(fused.Fused[(15 * 13)..(15 * 13 + 56)], u => Assert.Equal(100, u));
        Assert.All(fused.Fused[(15 * 13 + 56)..], v => Assert.Equal(140, v));
    }

    [Fact]
    public async Task A_gray_pair_gives_a_gray_picture()
    {
        FrameFormat gray = new(PixelFormat.Gray8, new FrameSize(17, 9));
        Delivered fused = await FuseOneAsync(gray, (f, _) => f.WritableBytes.Fill(100), gray, (f, _) => f.WritableBytes.Fill(51));
        Assert.Equal(gray, fused.Format);
        Assert.All(fused.Fused, luma => Assert.InRange(luma, 75, 76));
        Assert.Equal(100, fused.Infrared![0]);
        Assert.Equal(51, fused.Visible![0]);
    }

    [Fact]
    public async Task A_colour_still_keeps_its_colour_differences()
    {
        FrameFormat color = new(PixelFormat.Bgr24, new FrameSize(11, 7));
        FrameFormat gray = new(PixelFormat.Gray8, new FrameSize(11, 7));
        Delivered fused = await FuseOneAsync(gray, (f, _) => f.WritableBytes.Fill(140), color, Bgr(60, 100, 120));

        // Luma of the visible by BT.601: 0.114 * 60 + 0.587 * 100 + 0.299 * 120 = 101.4; fused: 120.7 = 19.3 more in every channel.
        Assert.Equal(color, fused.Format);
        for (int i = 0; i < fused.Fused.Length; i += 3)
        {
            Assert.InRange(fused.Fused[i] - 60 - 19.3, -2, 2);
            Assert.InRange(fused.Fused[i + 1] - 100 - 19.3, -2, 2);
            Assert.InRange(fused.Fused[i + 2] - 120 - 19.3, -2, 2);
        }
    }

    [Fact]
    public async Task Sixteen_bit_infrared_goes_through_the_gain_control()
    {
        FrameFormat deep = new(PixelFormat.Gray16, new FrameSize(32, 16)), gray = new(PixelFormat.Gray8, new FrameSize(32, 16));
        Delivered fused = await FuseOneAsync(deep, LeftAndRight(29000, 31000), gray, (f, _) => f.WritableBytes.Clear());
        for (int i = 0; i < fused.Fused.Length; i++)
            Assert.InRange(fused.Fused[i], i % 32 < 16 ? 0 : 127, i % 32 < 16 ? 0 : 128);
    }

    [Fact]
    public async Task A_sixteen_bit_visible_gives_eight_bits()
    {
        FrameFormat deep = new(PixelFormat.Gray16, new FrameSize(32, 16));
        Delivered fused = await FuseOneAsync(deep, LeftAndRight(1000, 2000), deep, LeftAndRight(50000, 40000));
        Assert.Equal(new FrameFormat(PixelFormat.Gray8, new FrameSize(32, 16)), fused.Format);
        Assert.All(fused.Fused, luma => Assert.InRange(luma, 127, 128));   // what is dark in one is bright in the other
    }

    [Fact]
    public async Task Gray_output_is_the_luma_alone_at_full_range()
    {
        FrameFormat video = Yuv(16, 16, ColorRange.Limited);
        Delivered fused = await FuseOneAsync(video, Fill(235, 128, 128), video, Fill(16, 90, 90), new FusionSettings { Color = ColorMode.Gray });
        Assert.Equal(new FrameFormat(PixelFormat.Gray8, new FrameSize(16, 16)), fused.Format);
        Assert.All(fused.Fused, luma => Assert.InRange(luma, 127, 128));
    }

    [Fact]
    public async Task The_raw_output_is_what_the_fuser_wrote()
    {
        FrameFormat video = Yuv(16, 16, ColorRange.Limited);
        FusionSettings settings = new() { KeepRaw = true, Levels = Fusion.Levels.LevelsMode.PerFrame };
        Delivered fused = await FuseOneAsync(video, Fill(126, 128, 128), video, Fill(16, 90, 90), settings, needsRaw: true);
        Assert.All(fused.Raw!, sample => Assert.Equal(110f / 219 / 2, sample, 1e-6f));
        Assert.Equal(256, fused.Raw!.Length);
    }

    [Fact]
    public async Task The_infrared_is_resized_to_the_visible_where_nothing_else_is_said()
    {
        Delivered fused = await FuseOneAsync(Yuv(8, 6, ColorRange.Limited), Fill(80, 128, 128), Yuv(33, 25, ColorRange.Limited), Fill(120, 128, 128));
        Assert.Equal(new FrameSize(33, 25), fused.Format.Size);
        Assert.All(fused.Fused[..(33 * 25)], luma => Assert.Equal(100, luma));
    }

    [Fact]
    public async Task Both_are_resized_to_the_output_size()
    {
        CollectingSink sink = new();
        ListSource ir = new(_pool.Pool, Yuv(8, 6, ColorRange.Limited), 1) { Paint = Fill(80, 128, 128) };
        ListSource vi = new(_pool.Pool, Yuv(33, 25, ColorRange.Limited), 1) { Paint = Fill(120, 70, 128) };
        await GraphRun.RunAsync(_pool.Pool, ir, vi, [sink], outputSize: new FrameSize(20, 10));
        Delivered fused = Assert.Single(sink.Frames);
        Assert.Equal(Yuv(20, 10, ColorRange.Limited), fused.Format);
        Assert.All(fused.Fused[..200], luma => Assert.Equal(100, luma));
        Assert.All(fused.Fused[200..250], u => Assert.Equal(70, u));
    }

    [Fact]
    public async Task A_frame_without_partner_is_the_visible_picture_itself()
    {
        CollectingSink sink = new();
        FrameFormat video = Yuv(16, 12, ColorRange.Limited);
        ListSource none = new(_pool.Pool, video, 0), visible = new(_pool.Pool, video, 3) { Paint = (f, n) => f.WritableBytes.Fill((byte)(50 + n)) };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, none, visible, [sink]);
        Assert.Equal(3, run.Ledger.Passed[FrameReason.PartnerNotStarted]);
        Assert.Equal([50, 51, 52], sink.Frames.Select(f => f.Fused[0]));
        Assert.All(sink.Frames, f => Assert.True(f.Infrared is null && f.Reason == FrameReason.PartnerNotStarted && f.Fused.AsSpan().SequenceEqual(f.Visible)));
    }

    [Fact]
    public async Task A_frame_without_partner_has_the_format_of_the_others()
    {
        CollectingSink sink = new();
        FrameFormat video = Yuv(16, 12, ColorRange.Limited);
        ListSource one = new(_pool.Pool, video, 1), visible = new(_pool.Pool, video, 10) { Paint = Fill(16 + 73, 100, 100) };
        await GraphRun.RunAsync(_pool.Pool, one, visible, [sink], fusion: new FusionSettings { Color = ColorMode.Gray });
        Assert.Contains(sink.Frames, f => f.Reason == FrameReason.PartnerEnded);
        Assert.All(sink.Frames, f => Assert.Equal(PixelFormat.Gray8, f.Format.Pixels));
        Assert.All(sink.Frames.Where(f => f.Reason != FrameReason.None), f => Assert.Equal(85, f.Fused[0]));
    }

    public void Dispose() => _pool.Dispose();

    private async Task<Delivered> FuseOneAsync(
        FrameFormat infrared, Action<Frame, int> paintInfrared, FrameFormat visible, Action<Frame, int> paintVisible, FusionSettings? settings = null, bool needsRaw = false)
    {
        CollectingSink sink = new() { NeedsRaw = needsRaw };
        ListSource ir = new(_pool.Pool, infrared, 1) { Paint = paintInfrared }, vi = new(_pool.Pool, visible, 1) { Paint = paintVisible };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, ir, vi, [sink], fusion: settings);
        Assert.Equal(EndKind.Completed, run.Outcome.Kind);
        Assert.Equal(SinkEnding.Complete, sink.Ending);
        Assert.Equal(1, run.Ledger.Fused);
        return Assert.Single(sink.Frames);
    }

    private static FrameFormat Yuv(int width, int height, ColorRange range) => new(PixelFormat.Yuv420P, new FrameSize(width, height), range);

    private static double Unit(byte luma, ColorRange range) => range == ColorRange.Limited ? (luma - 16) / 219.0 : luma / 255.0;

    private static Action<Frame, int> Fill(int y, int u, int v) => (frame, _) =>
    {
        frame.WritablePlane(0).Bytes.Fill((byte)y);
        frame.WritablePlane(1).Bytes.Fill((byte)u);
        frame.WritablePlane(2).Bytes.Fill((byte)v);
    };

    private static Action<Frame, int> Bgr(byte b, byte g, byte r) => (frame, _) =>
    {
        Span<byte> bytes = frame.WritableBytes;
        for (int i = 0; i < bytes.Length; i += 3)
            (bytes[i], bytes[i + 1], bytes[i + 2]) = (b, g, r);
    };

    private static Action<Frame, int> LeftAndRight(ushort left, ushort right) => (frame, _) =>
    {
        WritablePlane plane = frame.WritablePlane(0);
        for (int y = 0; y < plane.Rows; y++)
        {
            Span<ushort> row = plane.Row<ushort>(y);
            row[..(row.Length / 2)].Fill(left);
            row[(row.Length / 2)..].Fill(right);
        }
    };
}
