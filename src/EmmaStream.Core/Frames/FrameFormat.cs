namespace EmmaStream.Core.Frames;

/// <summary>Everything that must be known to read a frame's samples. Two frames of equal format have equal memory layout.</summary>
/// <param name="Pixels">Sample layout.</param>
/// <param name="Size">Pixels, width x height.</param>
/// <param name="Range">Nominal range of the luma.</param>
/// <param name="Matrix">Matrix of the chroma; without meaning for gray formats.</param>
public readonly record struct FrameFormat(PixelFormat Pixels, FrameSize Size, ColorRange Range = ColorRange.Full, ColorMatrix Matrix = ColorMatrix.Bt601)
{
    /// <summary>Number of planes, 1 to 3.</summary>
    public int PlaneCount => Pixels switch { PixelFormat.Yuv420P => 3, PixelFormat.Nv12 => 2, _ => 1 };

    /// <summary>Whether the frame carries chroma beside luma, or colour.</summary>
    public bool HasColor => Pixels is PixelFormat.Yuv420P or PixelFormat.Nv12 or PixelFormat.Bgr24;

    /// <summary>Whether plane 0 is luma or gray: true for all but bgr24.</summary>
    public bool HasLumaPlane => Pixels != PixelFormat.Bgr24;

    /// <summary>Bytes from row to row of plane <paramref name="plane"/>; rows have no padding.</summary>
    public int StrideBytes(int plane) => (Pixels, plane) switch
    {
        (PixelFormat.Gray16, 0) => Size.Width * 2,
        (PixelFormat.GrayF32, 0) => Size.Width * 4,
        (PixelFormat.Bgr24, 0) => Size.Width * 3,
        (PixelFormat.Yuv420P, 1 or 2) => (Size.Width + 1) / 2,
        (PixelFormat.Nv12, 1) => (Size.Width + 1) / 2 * 2,
        (_, 0) => Size.Width,
        _ => throw new ArgumentOutOfRangeException(nameof(plane), plane, $"{Pixels} has {PlaneCount} plane(s)"),
    };

    /// <summary>Rows of plane <paramref name="plane"/>.</summary>
    public int Rows(int plane) => plane == 0 ? Size.Height : (Size.Height + 1) / 2;

    /// <summary>Bytes before plane <paramref name="plane"/>.</summary>
    public int PlaneOffset(int plane)
    {
        int offset = 0;
        for (int i = 0; i < plane; i++)
            offset += StrideBytes(i) * Rows(i);
        return offset;
    }

    /// <summary>Bytes of the whole frame.</summary>
    public int ByteSize => PlaneOffset(PlaneCount);

    /// <inheritdoc/>
    public override string ToString() => $"{Pixels} {Size} {Range}";
}
