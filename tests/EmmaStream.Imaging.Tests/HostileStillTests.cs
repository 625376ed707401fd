using System.Buffers.Binary;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Testing;

namespace EmmaStream.Imaging.Tests;

public sealed class HostileStillTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _leaks.Dispose();
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        AssertRefused(_folder["absent.png"], "no such file");
        AssertRefused(_folder["absent/picture.png"], "no such file");
    }

    [Fact]
    public void A_folder_is_not_a_picture() => AssertRefused(_folder.FullPath, "cannot be read");

    [Fact]
    public void An_empty_file_is_called_empty() => AssertRefused(Holding("a.png", []), "is empty");

    [Fact]
    public void Text_is_no_picture() => AssertRefused(Holding("a.png", "hello, world, this is no picture at all"u8), "is no PNG");

    [Theory]
    [InlineData(".png", "is cut off")]
    [InlineData(".jpg", "is cut off")]
    [InlineData(".webp", "is cut off")]
    [InlineData(".bmp", "is damaged")]
    [InlineData(".tif", "damaged")]
    public void A_picture_that_is_cut_off_is_refused(string extension, string reason)
    {
        byte[] whole = Picture(extension);
        foreach (int percent in (int[])[50, 90, 99])
            AssertRefused(Holding("half" + extension, whole.AsSpan(0, whole.Length * percent / 100)), reason);
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".bmp")]
    [InlineData(".tif")]
    [InlineData(".webp")]
    public void A_picture_cut_to_its_first_bytes_is_refused(string extension)
    {
        byte[] whole = Picture(extension);
        for (int length = 1; length < 60; length++)
            AssertRefused(Holding("start" + extension, whole.AsSpan(0, length)), "");
    }

    [Fact]
    public void A_png_that_claims_more_than_200_megapixels_is_refused_unread()
    {
        byte[] file = Picture(".png");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 20_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 10_001);
        AssertRefused(Holding("huge.png", file), "20000x10001 pixels are more than the 200 million");
    }

    [Fact]
    public void A_jpeg_that_claims_more_than_200_megapixels_is_refused_unread()
    {
        byte[] file = Picture(".jpg");
        int header = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file.AsSpan(header + 5, 4).Fill(0xFF);
        AssertRefused(Holding("huge.jpg", file), "65535x65535");
    }

    [Fact]
    public void A_bmp_that_claims_more_than_200_megapixels_is_refused_unread()
    {
        byte[] file = Picture(".bmp");
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), 1_000_000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), -1_000_000);   // rows from the top
        AssertRefused(Holding("huge.bmp", file), "1000000x1000000");
    }

    [Fact]
    public void A_tiff_that_claims_more_than_200_megapixels_is_refused_unread()
    {
        byte[] file = Picture(".tif");
        int directory = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4));
        for (int at = directory + 2; BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at)) <= 257; at += 12)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + 2), 4);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 8), 4_000_000_000);
        }
        AssertRefused(Holding("huge.tif", file), "2147483647x2147483647");
    }

    [Fact]
    public void A_picture_of_no_pixels_is_refused()
    {
        byte[] file = Picture(".png");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 0);
        AssertRefused(Holding("none.png", file), "0x");
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".bmp")]
    [InlineData(".tif")]
    [InlineData(".webp")]
    public void Flipped_bytes_give_a_picture_or_one_line(string extension)
    {
        byte[] whole = Picture(extension);
        Random random = new(11);
        for (int run = 0; run < 120; run++)
        {
            byte[] damaged = [.. whole];
            for (int i = 0; i < 4; i++)
                damaged[random.Next(run % 2 == 0 ? 80 : damaged.Length)] = (byte)random.Next(256);
            string path = Holding("damaged" + extension, damaged);
            try
            {
                using Frame frame = StillImage.Read(path, _leaks.Pool, default);
                Assert.True(frame.Size.Area <= StillImage.MaxPixels);
            }
            catch (Fault fault)
            {
                Assert.Equal(FaultKind.Input, fault.Kind);
            }
        }
    }

    private void AssertRefused(string path, string part)
    {
        Fault fault = Assert.Throws<Fault>(() => StillImage.Read(path, _leaks.Pool, default));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.StartsWith(path + ": ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private string Holding(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    private byte[] Picture(string extension)
    {
        using Frame frame = Some.Frame(_leaks.Pool, width: 61, height: 47, pixels: PixelFormat.Bgr24);
        new Random(5).NextBytes(frame.WritableBytes);
        StillImage.Write(_folder["whole" + extension], frame);
        return File.ReadAllBytes(_folder["whole" + extension]);
    }
}
