using EmmaStream.Core.Frames;
using EmmaStream.Media.Probing;

namespace EmmaStream.Media.Tests.Probing;

public sealed class SampleFormatTests
{
    [Theory]
    [InlineData("gray", SampleKind.Gray, 8, PixelFormat.Gray8, ColorRange.Full)]
    [InlineData("gray10le", SampleKind.Gray, 10, PixelFormat.Gray16, ColorRange.Full)]
    [InlineData("gray16be", SampleKind.Gray, 16, PixelFormat.Gray16, ColorRange.Full)]
    [InlineData("ya8", SampleKind.Gray, 8, PixelFormat.Gray8, ColorRange.Full)]
    [InlineData("ya16le", SampleKind.Gray, 16, PixelFormat.Gray16, ColorRange.Full)]
    [InlineData("monow", SampleKind.Gray, 8, PixelFormat.Gray8, ColorRange.Full)]
    [InlineData("yuv420p", SampleKind.Yuv, 8, PixelFormat.Yuv420P, ColorRange.Limited)]
    [InlineData("yuvj422p", SampleKind.Yuv, 8, PixelFormat.Yuv420P, ColorRange.Full)]
    [InlineData("yuv420p10le", SampleKind.Yuv, 10, PixelFormat.Yuv420P, ColorRange.Limited)]
    [InlineData("p010le", SampleKind.Yuv, 10, PixelFormat.Yuv420P, ColorRange.Limited)]
    [InlineData("nv12", SampleKind.Yuv, 8, PixelFormat.Yuv420P, ColorRange.Limited)]
    [InlineData("yuyv422", SampleKind.Yuv, 8, PixelFormat.Yuv420P, ColorRange.Limited)]
    [InlineData("gbrp12be", SampleKind.Rgb, 12, PixelFormat.Yuv420P, ColorRange.Full)]
    [InlineData("rgb48le", SampleKind.Rgb, 16, PixelFormat.Yuv420P, ColorRange.Full)]
    [InlineData("bgr0", SampleKind.Rgb, 8, PixelFormat.Yuv420P, ColorRange.Full)]
    [InlineData("pal8", SampleKind.Rgb, 8, PixelFormat.Yuv420P, ColorRange.Full)]
    public void A_name_tells_components_depth_and_the_range_meant_without_a_tag(string name, SampleKind kind, int bits, PixelFormat pixels, ColorRange range)
    {
        SampleFormat format = SampleFormat.Parse(name);
        Assert.Equal((kind, bits, pixels, range), (format.Kind, format.BitDepth, format.Pixels, format.UntaggedRange));
    }
}
