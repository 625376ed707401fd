using EmmaStream.Core.Frames;
using EmmaStream.Imaging.Layouts;
using EmmaStream.Testing;

namespace EmmaStream.Imaging.Tests.Layouts;

public sealed class LayoutComposerTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();

    private FramePool Pool => _leaks.Pool;

    public void Dispose() => _leaks.Dispose();

    [Fact]
    public void Names_are_read_and_written_alike()
    {
        foreach (Layout layout in Enum.GetValues<Layout>())
        {
            Assert.True(LayoutNames.TryParse(layout.ToName(), out Layout read));
            Assert.Equal(layout, read);
        }
        Assert.Equal("picture-in-picture", Layout.PictureInPicture.ToName());
        Assert.False(LayoutNames.TryParse("Fused", out _));
        Assert.False(LayoutNames.TryParse(null, out _));
    }

    [Fact]
    public void Fused_shares_the_fused_picture()
    {
        using FusedFrame frame = Fused(PixelFormat.Gray8, 32, 32);
        using LayoutComposer composer = new(Layout.Fused, Pool);
        using Frame picture = composer.Compose(frame);
        Assert.Equal(frame.Fused.Plane(0).Address, picture.Plane(0).Address);
    }

    [Theory]
    [InlineData(PixelFormat.Yuv420P, ColorRange.Limited, 320, 240, 960, 240)]
    [InlineData(PixelFormat.Yuv420P, ColorRange.Full, 321, 241, 966, 242)]
    [InlineData(PixelFormat.Nv12, ColorRange.Limited, 320, 240, 960, 240)]
    [InlineData(PixelFormat.Bgr24, ColorRange.Full, 321, 241, 966, 242)]
    [InlineData(PixelFormat.Gray8, ColorRange.Limited, 320, 240, 960, 240)]
    [InlineData(PixelFormat.Gray8, ColorRange.Full, 16, 16, 48, 16)]
    public void Side_by_side_holds_the_three_pictures_at_their_levels(PixelFormat pixels, ColorRange range, int width, int height, int canvasWidth, int canvasHeight)
    {
        using FusedFrame frame = Fused(pixels, width, height, range);
        using LayoutComposer composer = new(Layout.SideBySide, Pool);
        using Frame picture = composer.Compose(frame);
        Assert.Equal(new FrameFormat(pixels, new(canvasWidth, canvasHeight), range), picture.Format);
        Assert.Equal(frame.Fused.Stamp, picture.Stamp);
        int cell = canvasWidth / 3;
        // The infrared is full-range gray 60: in limited range that is 16 + 60 * 219 / 255 = 67.5.
        Assert.Equal(range == ColorRange.Limited ? 68 : 60, LumaAt(picture, width / 2, height - 1));
        Assert.Equal(110, LumaAt(picture, cell + width / 2, height - 1));
        Assert.Equal(150, LumaAt(picture, 2 * cell + width / 2, height - 1));
    }

    [Theory]
    [InlineData(PixelFormat.Yuv420P)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Gray8)]
    public void Labels_appear_in_black_and_white_over_each_picture(PixelFormat pixels)
    {
        using FusedFrame frame = Fused(pixels, 320, 240, ColorRange.Full);
        using LayoutComposer composer = new(Layout.SideBySide, Pool);
        using Frame picture = composer.Compose(frame);
        for (int cell = 0; cell < 3; cell++)
        {
            int bright = 0, dark = 0;
            for (int y = 0; y < 40; y++)
            {
                for (int x = 0; x < 150; x++)
                {
                    bright += LumaAt(picture, cell * 320 + x, y) > 230 ? 1 : 0;
                    dark += LumaAt(picture, cell * 320 + x, y) < 25 ? 1 : 0;
                }
            }
            Assert.True(bright > 30 && dark > 30, $"cell {cell}: {bright} bright and {dark} dark pixels");
        }
    }

    [Fact]
    public void Chroma_passes_through_beside_the_labels()
    {
        using FusedFrame frame = Fused(PixelFormat.Yuv420P, 320, 240);
        using LayoutComposer composer = new(Layout.SideBySide, Pool);
        using Frame picture = composer.Compose(frame);
        Assert.Equal((128, 110, 150), (picture.Plane(1).Row<byte>(119)[80], picture.Plane(1).Row<byte>(119)[240], picture.Plane(2).Row<byte>(119)[400]));
    }

    [Fact]
    public void A_frame_that_went_on_alone_says_so_and_leaves_the_missing_picture_dark()
    {
        using FusedFrame alone = new()
        {
            Fused = Some.Frame(Pool, value: 150, width: 320, height: 240, pixels: PixelFormat.Yuv420P, range: ColorRange.Limited),
            Visible = Some.Frame(Pool, value: 110, width: 320, height: 240, pixels: PixelFormat.Yuv420P, range: ColorRange.Limited),
            Reason = FrameReason.PartnerEnded,
        };
        using FusedFrame fused = Fused(PixelFormat.Yuv420P, 320, 240, ColorRange.Limited);
        using LayoutComposer composer = new(Layout.SideBySide, Pool);
        using Frame withoutPartner = composer.Compose(alone), withPartner = composer.Compose(fused);
        Assert.Equal(16, LumaAt(withoutPartner, 160, 200));
        Assert.False(Label(withoutPartner).SequenceEqual(Label(withPartner)));   // "visible only", "fused"

        static byte[] Label(Frame picture) => picture.Plane(0).Row<byte>(12)[640..].ToArray();
    }

    [Theory]
    [InlineData(PixelFormat.Yuv420P, 640, 480)]
    [InlineData(PixelFormat.Bgr24, 641, 479)]
    [InlineData(PixelFormat.Gray8, 40, 40)]
    public void Picture_in_picture_keeps_the_size_and_shows_both_in_the_lower_corners(PixelFormat pixels, int width, int height)
    {
        using FusedFrame frame = Fused(pixels, width, height, ColorRange.Full);
        using LayoutComposer composer = new(Layout.PictureInPicture, Pool);
        using Frame picture = composer.Compose(frame);
        Assert.Equal(new FrameSize((width + 1) / 2 * 2, (height + 1) / 2 * 2), picture.Size);
        Assert.Equal(150, LumaAt(picture, width / 2, height / 2));
        bool insets = width > 64;
        Assert.Equal(insets ? 60 : 150, LumaAt(picture, width / 8, height - height / 16));
        Assert.Equal(insets ? 110 : 150, LumaAt(picture, width - width / 8, height - height / 16));
    }

    [Theory]
    [InlineData(Layout.Infrared, 60)]
    [InlineData(Layout.Visible, 110)]
    public void A_single_source_is_shown_whole_and_without_a_label(Layout layout, int expected)
    {
        using FusedFrame frame = Fused(PixelFormat.Yuv420P, 320, 240);
        using LayoutComposer composer = new(layout, Pool);
        using Frame picture = composer.Compose(frame);
        Assert.Equal(new FrameSize(320, 240), picture.Size);
        Assert.Equal([expected], picture.Plane(0).Bytes.ToArray().Distinct().Select(level => (int)level));
    }

    [Fact]
    public void A_source_that_was_missing_is_black()
    {
        using FusedFrame frame = new() { Fused = Some.Frame(Pool, value: 150, width: 64, height: 64, range: ColorRange.Limited), Visible = Some.Frame(Pool, value: 110, width: 64, height: 64, range: ColorRange.Limited) };
        using LayoutComposer composer = new(Layout.Infrared, Pool);
        using Frame picture = composer.Compose(frame);
        Assert.All(picture.Plane(0).Bytes.ToArray(), level => Assert.Equal(16, level));
    }

    [Fact]
    public void A_sixteen_bit_infrared_is_stretched_between_its_percentiles()
    {
        using FusedFrame frame = new()
        {
            Fused = Some.Frame(Pool, value: 150, width: 64, height: 64, range: ColorRange.Limited),
            Infrared = Some.Frame(Pool, width: 64, height: 64, pixels: PixelFormat.Gray16),
            Visible = Some.Frame(Pool, value: 110, width: 64, height: 64, range: ColorRange.Limited),
        };
        Span<ushort> samples = frame.Infrared!.WritablePlane(0).Samples<ushort>();
        samples.Fill(30000);
        samples[^(64 * 20)..].Fill(30200);
        using LayoutComposer composer = new(Layout.SideBySide, Pool);
        using Frame picture = composer.Compose(frame);
        Assert.Equal((16, 235), (LumaAt(picture, 32, 40), LumaAt(picture, 32, 60)));
    }

    [Fact]
    public void Composing_many_frames_allocates_little_and_leaks_nothing()
    {
        using FusedFrame frame = Fused(PixelFormat.Yuv420P, 320, 240, ColorRange.Limited);
        using LayoutComposer composer = new(Layout.SideBySide, Pool);
        composer.Compose(frame).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
            composer.Compose(frame).Dispose();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 50, 0, 6000);
        Assert.Equal(3, Pool.Outstanding);
    }

    private FusedFrame Fused(PixelFormat pixels, int width, int height, ColorRange range = ColorRange.Full) => new()
    {
        Fused = Some.Frame(Pool, 40, 150, width, height, pixels, range, sequence: 3),
        Infrared = Some.Frame(Pool, 40, 60, width, height),
        Visible = Some.Frame(Pool, 40, 110, width, height, pixels, range),
    };

    private static int LumaAt(Frame frame, int x, int y) => frame.Plane(0).Row<byte>(y)[frame.Format.Pixels == PixelFormat.Bgr24 ? 3 * x : x];
}
