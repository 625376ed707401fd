using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Testing;
using OpenCvSharp;

namespace EmmaStream.Imaging.Tests;

public sealed class StillImageTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();
    private readonly TemporaryFolder _folder = new();

    private FramePool Pool => _leaks.Pool;

    public void Dispose()
    {
        _folder.Dispose();
        _leaks.Dispose();
    }

    [Theory]
    [InlineData(PixelFormat.Gray8, ".png")]
    [InlineData(PixelFormat.Gray8, ".bmp")]
    [InlineData(PixelFormat.Gray8, ".tif")]
    [InlineData(PixelFormat.Gray16, ".png")]
    [InlineData(PixelFormat.Gray16, ".tiff")]
    [InlineData(PixelFormat.Bgr24, ".png")]
    [InlineData(PixelFormat.Bgr24, ".bmp")]
    [InlineData(PixelFormat.Bgr24, ".tif")]
    public void What_is_written_without_loss_is_read_back_to_the_bit(PixelFormat pixels, string extension)
    {
        using Frame written = Noise(pixels, 37, 23);
        string path = _folder["picture" + extension];
        StillImage.Write(path, written);
        using Frame read = StillImage.Read(path, Pool, written.Stamp);
        Assert.Equal(written.Format, read.Format);
        Assert.Equal(written.Stamp, read.Stamp);
        Assert.True(written.Bytes.SequenceEqual(read.Bytes));
        Assert.Equal(["picture" + extension], _folder.Names);
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".jpeg")]
    [InlineData(".webp")]
    public void Lossy_formats_keep_the_picture_nearly(string extension)
    {
        using Frame written = Some.Frame(Pool, value: 90, width: 33, height: 17, pixels: PixelFormat.Bgr24);
        string path = _folder["picture" + extension];
        StillImage.Write(path, written);
        using Frame read = StillImage.Read(path, Pool, written.Stamp);
        Assert.Equal(written.Format, read.Format);
        foreach (byte level in read.Bytes)
            Assert.InRange(level, 88, 92);
    }

    [Fact]
    public void A_gray_webp_or_upper_case_extension_is_no_trouble()
    {
        using Frame written = Some.Frame(Pool, value: 40);
        StillImage.Write(_folder["A.PNG"], written);
        using Frame read = StillImage.Read(_folder["A.PNG"], Pool, default);
        Assert.Equal(40, read.Bytes[0]);
        StillImage.Write(_folder["b.webp"], written);
        using Frame webp = StillImage.Read(_folder["b.webp"], Pool, default);
        Assert.InRange(webp.Bytes[0], 38, 42);
    }

    [Fact]
    public void Sixteen_bit_colour_is_brought_to_eight_bits_and_transparency_is_left_out()
    {
        using (Mat wide = new(4, 5, MatType.CV_16UC3, new Scalar(257 * 10, 257 * 20 + 100, 65535)))
            Cv2.ImWrite(_folder["wide.png"], wide);
        using (Mat clear = new(4, 5, MatType.CV_8UC4, new Scalar(1, 2, 3, 0)))
            Cv2.ImWrite(_folder["clear.png"], clear);
        using Frame fromWide = StillImage.Read(_folder["wide.png"], Pool, default), fromClear = StillImage.Read(_folder["clear.png"], Pool, default);
        Assert.Equal((PixelFormat.Bgr24, PixelFormat.Bgr24), (fromWide.Format.Pixels, fromClear.Format.Pixels));
        Assert.Equal([10, 20, 255], fromWide.Bytes[..3].ToArray());
        Assert.Equal([1, 2, 3], fromClear.Bytes[..3].ToArray());
    }

    [Fact]
    public void Float_samples_are_refused_by_name()
    {
        using (Mat floats = new(4, 5, MatType.CV_32FC1, Scalar.All(0.5)))
            Cv2.ImWrite(_folder["float.tif"], floats);
        Fault fault = Assert.Throws<Fault>(() => StillImage.Read(_folder["float.tif"], Pool, default));
        Assert.Contains("CV_32FC1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limited_range_gray_is_written_at_full_range()
    {
        using Frame written = Some.Frame(Pool, range: ColorRange.Limited);
        written.WritableBytes[0] = 16;
        written.WritableBytes[1] = 235;
        written.WritableBytes[2] = 126;   // (126 - 16) * 255 / 219 = 128.08
        StillImage.Write(_folder["a.png"], written);
        using Frame read = StillImage.Read(_folder["a.png"], Pool, default);
        Assert.Equal([0, 255, 128], read.Bytes[..3].ToArray());
        Assert.Equal(ColorRange.Full, read.Format.Range);
    }

    [Fact]
    public void Float_gray_is_written_as_eight_bits()
    {
        using Frame written = Some.Frame(Pool, pixels: PixelFormat.GrayF32);
        Span<float> samples = written.WritablePlane(0).Samples<float>();
        samples.Fill(0.5f);
        samples[1] = -1;
        samples[2] = 1;
        samples[3] = 100.2f / 255;
        StillImage.Write(_folder["a.png"], written);
        using Frame read = StillImage.Read(_folder["a.png"], Pool, default);
        Assert.Equal([128, 0, 255, 100], read.Bytes[..4].ToArray());   // 127.5 rounds to even
    }

    [Theory]
    [InlineData("picture.jpg", "16-bit")]
    [InlineData("picture.xyz", "'.xyz'")]
    [InlineData("picture", "''")]
    [InlineData("absent/picture.png", "there is no folder")]
    public void What_cannot_be_written_is_said_in_one_line_and_leaves_nothing(string name, string part)
    {
        using Frame written = Some.Frame(Pool, pixels: PixelFormat.Gray16);
        Fault fault = Assert.Throws<Fault>(() => StillImage.Write(_folder[name], written));
        Assert.Equal(FaultKind.Output, fault.Kind);
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(_folder[name], fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void An_older_file_stays_when_writing_fails()
    {
        File.WriteAllText(_folder["a.jpg"], "old");
        using Frame written = Some.Frame(Pool, pixels: PixelFormat.Gray16);
        Assert.Throws<Fault>(() => StillImage.Write(_folder["a.jpg"], written));
        Assert.Equal("old", File.ReadAllText(_folder["a.jpg"]));
    }

    private Frame Noise(PixelFormat pixels, int width, int height)
    {
        Frame frame = Some.Frame(Pool, 40, 0, width, height, pixels, sequence: 3);
        new Random(7).NextBytes(frame.WritableBytes);
        return frame;
    }
}
