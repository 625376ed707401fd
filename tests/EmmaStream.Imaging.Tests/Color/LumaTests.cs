using System.Security.Cryptography;
using System.Text.Json;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging.Color;
using EmmaStream.Testing;

namespace EmmaStream.Imaging.Tests.Color;

public sealed class LumaTests : IDisposable
{
    private readonly LeakCheckedPool _leaks = new();

    public void Dispose() => _leaks.Dispose();

    [Fact]
    public void Luma_of_the_golden_crops_is_the_published_plane_to_the_bit()
    {
        string? path = SharedData.TryPath("golden", "metrics", "golden.json");
        Assert.SkipWhen(path is null, SharedData.Absent);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path));
        int colors = 0, grays = 0;
        foreach (JsonProperty plane in golden.RootElement.GetProperty("planes").EnumerateObject())
        {
            using Frame read = StillImage.Read(Path.Combine(Path.GetDirectoryName(path)!, plane.Name), _leaks.Pool, default);
            bool color = plane.Value.TryGetProperty("gray_sha256", out JsonElement hash);
            Assert.Equal(color ? PixelFormat.Bgr24 : PixelFormat.Gray8, read.Format.Pixels);
            using Frame gray = color ? LumaConversion.ToGray(read, _leaks.Pool) : read.Share();
            Assert.Equal(color ? hash.GetString() : plane.Value.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(gray.Bytes)));
            _ = color ? colors++ : grays++;
        }
        Assert.Equal(6, colors);
        Assert.True(grays > 30);
    }

    [Fact]
    public void Gray_colors_keep_their_level_in_luma_and_merge()
    {
        using Frame bgr = Some.Frame(_leaks.Pool, width: 256, height: 3, pixels: PixelFormat.Bgr24);
        for (int i = 0; i < 256 * 3 * 3; i++)
            bgr.WritableBytes[i] = (byte)(i / 3);
        using Frame luma = LumaConversion.ToGray(bgr, _leaks.Pool);
        for (int i = 0; i < 256; i++)
            Assert.Equal(i, luma.Bytes[i]);
        using Frame merged = ColorMerge.WithLuma(bgr, luma, _leaks.Pool);
        Assert.True(merged.Bytes.SequenceEqual(bgr.Bytes));
    }

    [Fact]
    public void Merging_the_own_luma_gives_every_color_back_within_a_level()
    {
        using Frame bgr = Some.Frame(_leaks.Pool, width: 200, height: 100, pixels: PixelFormat.Bgr24);
        new Random(3).NextBytes(bgr.WritableBytes);
        using Frame luma = LumaConversion.ToGray(bgr, _leaks.Pool);
        using Frame merged = ColorMerge.WithLuma(bgr, luma, _leaks.Pool);
        for (int i = 0; i < bgr.Bytes.Length; i++)
            Assert.InRange(merged.Bytes[i] - bgr.Bytes[i], -1, 1);
    }

    [Fact]
    public void A_merged_picture_has_the_new_luma_where_nothing_clamps()
    {
        using Frame bgr = Some.Frame(_leaks.Pool, width: 64, height: 64, pixels: PixelFormat.Bgr24);
        Random random = new(3);
        foreach (ref byte level in bgr.WritableBytes)
            level = (byte)random.Next(90, 160);
        using Frame luma = Some.Frame(_leaks.Pool, width: 64, height: 64);
        foreach (ref byte level in luma.WritableBytes)
            level = (byte)random.Next(80, 170);
        using Frame merged = ColorMerge.WithLuma(bgr, luma, _leaks.Pool);
        using Frame back = LumaConversion.ToGray(merged, _leaks.Pool);
        for (int i = 0; i < luma.Bytes.Length; i++)
            Assert.InRange(back.Bytes[i] - luma.Bytes[i], -1, 1);
    }

    [Fact]
    public void A_bright_luma_clamps_instead_of_wrapping()
    {
        using Frame bgr = Some.Frame(_leaks.Pool, pixels: PixelFormat.Bgr24, value: 0);
        for (int i = 2; i < bgr.WritableBytes.Length; i += 3)
            bgr.WritableBytes[i] = 255;   // red
        using Frame luma = Some.Frame(_leaks.Pool, value: 250);
        using Frame merged = ColorMerge.WithLuma(bgr, luma, _leaks.Pool);
        // B = 250 - 1.773 * 0.564 * 76.245 = 173.8; G = 250 - 0.714 * 0.713 * 178.755 + 0.344 * 0.564 * 76.245 = 173.8
        Assert.Equal([174, 174, 255], merged.Bytes[..3].ToArray());
    }
}
