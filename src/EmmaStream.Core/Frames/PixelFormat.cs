namespace EmmaStream.Core.Frames;

/// <summary>How a frame's samples lie in memory. Planes follow each other without gaps, as in ffmpeg's rawvideo.</summary>
public enum PixelFormat
{
    /// <summary>One plane, 8-bit samples.</summary>
    Gray8,

    /// <summary>One plane, 16-bit little-endian samples.</summary>
    Gray16,

    /// <summary>One plane, float samples, nominally in [0, 1].</summary>
    GrayF32,

    /// <summary>Three 8-bit planes Y, U, V; chroma has half the columns and rows, rounded up.</summary>
    Yuv420P,

    /// <summary>Two 8-bit planes: Y, and U and V interleaved at half the columns and rows, rounded up.</summary>
    Nv12,

    /// <summary>One plane, three 8-bit samples a pixel in the order B, G, R.</summary>
    Bgr24,
}

/// <summary>Nominal range of luma: 16..235 or 0..255. Chroma of limited range spans 16..240.</summary>
public enum ColorRange
{
    /// <summary>Luma 16..235 (ITU-R BT.601 and BT.709).</summary>
    Limited,

    /// <summary>Luma 0..255.</summary>
    Full,
}

/// <summary>The matrix between RGB and Y'CbCr.</summary>
public enum ColorMatrix
{
    /// <summary>ITU-R BT.601: Y' = 0.299 R' + 0.587 G' + 0.114 B'.</summary>
    Bt601,

    /// <summary>ITU-R BT.709: Y' = 0.2126 R' + 0.7152 G' + 0.0722 B'.</summary>
    Bt709,
}

/// <summary>Width and height in pixels.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>Pixels in all.</summary>
    public long Area => (long)Width * Height;

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
