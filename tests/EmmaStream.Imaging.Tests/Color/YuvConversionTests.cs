using EmmaStream.Core.Frames;
using EmmaStream.Imaging.Color;
using EmmaStream.Testing;
using OpenCvSharp;

namespace EmmaStream.Imaging.Tests.Color;

public sealed class YuvConversionTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();

    public void Dispose() => _leaks.Dispose();

    [Theory]
    // Y', Cb, Cr of the colour bars as BT.601 and BT.709 print them (100 % white, red, green, blue; limited and full).
    [InlineData(ColorRange.Limited, ColorMatrix.Bt601, 255, 255, 255, 235, 128, 128)]
    [InlineData(ColorRange.Limited, ColorMatrix.Bt601, 0, 0, 0, 16, 128, 128)]
    [InlineData(ColorRange.Limited, ColorMatrix.Bt601, 255, 0, 0, 81, 90, 240)]
    [InlineData(ColorRange.Limited, ColorMatrix.Bt601, 0, 255, 0, 145, 54, 34)]
    [InlineData(ColorRange.Limited, ColorMatrix.Bt601, 0, 0, 255, 41, 240, 110)]
    [InlineData(ColorRange.Limited, ColorMatrix.Bt709, 255, 0, 0, 63, 102, 240)]
    [InlineData(ColorRange.Limited, ColorMatrix.Bt709, 0, 255, 0, 173, 42, 26)]
    [InlineData(ColorRange.Limited, ColorMatrix.Bt709, 0, 0, 255, 32, 240, 118)]
    [InlineData(ColorRange.Full, ColorMatrix.Bt601, 255, 0, 0, 76, 85, 255)]
    [InlineData(ColorRange.Full, ColorMatrix.Bt601, 0, 0, 255, 29, 255, 107)]
    public void Known_colors_have_their_known_levels(ColorRange range, ColorMatrix matrix, int red, int green, int blue, int y, int cb, int cr)
    {
        using Mat bgr = new(5, 7, MatType.CV_8UC3, new Scalar(blue, green, red));
        using Frame yuv = _leaks.Pool.Rent(new(PixelFormat.Yuv420P, new(7, 5), range, matrix), default);
        YuvConversion.FromBgr(bgr, yuv);
        Assert.Equal((y, cb, cr), (yuv.Plane(0).Bytes[^1], yuv.Plane(1).Bytes[^1], yuv.Plane(2).Bytes[^1]));

        using Mat back = new(5, 7, MatType.CV_8UC3);
        YuvConversion.ToBgr(yuv, back);
        Vec3b pixel = back.At<Vec3b>(4, 6);
        Assert.InRange(pixel.Item0 - blue, -2, 2);
        Assert.InRange(pixel.Item1 - green, -2, 2);
        Assert.InRange(pixel.Item2 - red, -2, 2);
    }

    [Fact]
    public void Nv12_and_yuv420p_of_the_same_samples_give_the_same_picture()
    {
        using Frame yuv = Some.Frame(_leaks.Pool, width: 9, height: 7, pixels: PixelFormat.Yuv420P, range: ColorRange.Limited);
        new Random(2).NextBytes(yuv.WritableBytes);
        using Frame nv12 = Some.Frame(_leaks.Pool, width: 9, height: 7, pixels: PixelFormat.Nv12, range: ColorRange.Limited);
        yuv.Plane(0).Bytes.CopyTo(nv12.WritablePlane(0).Bytes);
        for (int i = 0; i < yuv.Plane(1).Bytes.Length; i++)
        {
            nv12.WritablePlane(1).Bytes[2 * i] = yuv.Plane(1).Bytes[i];
            nv12.WritablePlane(1).Bytes[2 * i + 1] = yuv.Plane(2).Bytes[i];
        }
        using Mat one = new(7, 9, MatType.CV_8UC3), other = new(7, 9, MatType.CV_8UC3);
        YuvConversion.ToBgr(yuv, one);
        YuvConversion.ToBgr(nv12, other);
        Assert.Equal(0, Cv2.Norm(one, other));
    }

    [Fact]
    public void A_yuv_frame_written_as_png_shows_the_colors_it_means()
    {
        using TemporaryFolder folder = new();
        using Mat bgr = new(9, 11, MatType.CV_8UC3, new Scalar(40, 90, 200));
        using Frame yuv = _leaks.Pool.Rent(new(PixelFormat.Yuv420P, new(11, 9), ColorRange.Limited, ColorMatrix.Bt709), default);
        YuvConversion.FromBgr(bgr, yuv);
        StillImage.Write(folder["a.png"], yuv);
        using Frame read = StillImage.Read(folder["a.png"], _leaks.Pool, default);
        Assert.Equal(PixelFormat.Bgr24, read.Format.Pixels);
        Assert.InRange(read.Bytes[0], 38, 42);
        Assert.InRange(read.Bytes[1], 88, 92);
        Assert.InRange(read.Bytes[2], 198, 202);
    }

    [Fact]
    public void A_frame_or_matrix_that_does_not_fit_is_refused()
    {
        using Frame gray = Some.Frame(_leaks.Pool);
        using Frame yuv = Some.Frame(_leaks.Pool, pixels: PixelFormat.Yuv420P);
        using Mat fits = new(16, 16, MatType.CV_8UC3), small = new(15, 16, MatType.CV_8UC3);
        Assert.Throws<ArgumentException>(() => YuvConversion.ToBgr(gray, fits));
        Assert.Throws<ArgumentException>(() => YuvConversion.ToBgr(yuv, small));
        Assert.Throws<ArgumentException>(() => YuvConversion.FromBgr(fits, gray));
    }
}
