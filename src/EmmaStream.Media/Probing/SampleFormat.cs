using System.Text.RegularExpressions;
using EmmaStream.Core.Frames;

namespace EmmaStream.Media.Probing;

/// <summary>What kind of samples a decoder delivers.</summary>
public enum SampleKind
{
    /// <summary>One component.</summary>
    Gray,

    /// <summary>Luma and chroma.</summary>
    Yuv,

    /// <summary>Red, green, blue, or a palette of them.</summary>
    Rgb,
}

/// <summary>A decoder's sample layout, read from ffmpeg's name of it, like "yuv420p10le".</summary>
/// <param name="Name">ffmpeg's name.</param>
/// <param name="Kind">Which components.</param>
/// <param name="BitDepth">Bits of a component.</param>
public sealed partial record SampleFormat(string Name, SampleKind Kind, int BitDepth)
{
    /// <summary>Whether the name itself says full range (yuvj420p and its like).</summary>
    public bool IsFullRangeByName => Name.StartsWith("yuvj", StringComparison.Ordinal);

    /// <summary>The layout in which frames of it travel: gray8 or gray16 for gray, yuv420p for everything else.</summary>
    public PixelFormat Pixels => Kind != SampleKind.Gray ? PixelFormat.Yuv420P : BitDepth > 8 ? PixelFormat.Gray16 : PixelFormat.Gray8;

    /// <summary>The range meant where the file does not tag it: limited for YUV, full for gray and RGB.</summary>
    public ColorRange UntaggedRange => Kind == SampleKind.Yuv && !IsFullRangeByName ? ColorRange.Limited : ColorRange.Full;

    /// <summary>Reads ffmpeg's name of a pixel format.</summary>
    public static SampleFormat Parse(string name)
    {
        SampleKind kind = Gray().IsMatch(name) ? SampleKind.Gray : Rgb().IsMatch(name) ? SampleKind.Rgb : SampleKind.Yuv;
        return new SampleFormat(name, kind, DepthOf(name));
    }

    private static int DepthOf(string name)
    {
        if (name.StartsWith("grayf32", StringComparison.Ordinal))
            return 32;
        if (PackedWide().IsMatch(name))
            return 16;
        Match planar = Depth().Match(name);
        return planar.Success ? int.Parse(planar.Groups[1].ValueSpan) : 8;
    }

    [GeneratedRegex("^(gray|ya[0-9]|mono)")]
    private static partial Regex Gray();

    [GeneratedRegex("^(rgb|bgr|argb|abgr|0rgb|0bgr|gbr|pal8|bayer|x2rgb|x2bgr)")]
    private static partial Regex Rgb();

    [GeneratedRegex("^(rgb48|bgr48|rgba64|bgra64|ya16|bayer_.*16)")]
    private static partial Regex PackedWide();

    // gray12le, yuv420p10be, gbrap16le, p010le; not the 420 of yuv420p.
    [GeneratedRegex("(?:^gray|p|^p0)(9|10|12|14|16)(?:le|be)?$")]
    private static partial Regex Depth();
}
