namespace EmmaStream.Media.Nut;

/// <summary>Constants of the NUT container (ffmpeg's nut.txt, version 3).</summary>
internal static class NutFormat
{
    public const ulong Main = 0x4E4D7A561F5F04AD;
    public const ulong Stream = 0x4E5311405BF2F9DB;
    public const ulong Syncpoint = 0x4E4BE4ADEECA4569;
    public const ulong Index = 0x4E58DD672F23E64E;
    public const ulong Info = 0x4E49AB68B596BA78;

    /// <summary>A packet whose forward pointer is above this carries a checksum of its header too.</summary>
    public const long ShortPacket = 4096;

    public const int FlagKey = 1, FlagCodedPts = 8, FlagStreamId = 16, FlagSizeMsb = 32, FlagChecksum = 64,
        FlagReserved = 128, FlagHeaderIndex = 1024, FlagMatchTime = 2048, FlagCoded = 4096, FlagInvalid = 8192;

    /// <summary>The bytes with which a file begins.</summary>
    public static ReadOnlySpan<byte> Id => "nut/multimedia container\0"u8;
}

/// <summary>One stream of a NUT file.</summary>
/// <param name="Class">0 video, 1 audio, 2 subtitles, 3 data.</param>
/// <param name="FourCc">Codec tag; its bytes in the order of the file, first byte lowest.</param>
/// <param name="TimeBase">Seconds per tick of its time stamps.</param>
/// <param name="Width">Columns; 0 if it is no video.</param>
/// <param name="Height">Rows; 0 if it is no video.</param>
internal sealed record NutStream(int Class, uint FourCc, Core.Time.RationalTime TimeBase, int Width, int Height)
{
    /// <summary>The codec tag of four letters.</summary>
    public static uint Tag(ReadOnlySpan<byte> letters) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(letters);
}

/// <summary>The head of one frame.</summary>
/// <param name="Stream">Number of its stream.</param>
/// <param name="Pts">Presentation time stamp in ticks of the stream's time base.</param>
/// <param name="IsKeyframe">Whether it can be decoded alone.</param>
/// <param name="Size">Bytes of its payload.</param>
internal readonly record struct NutFrame(int Stream, long Pts, bool IsKeyframe, int Size);

/// <summary>How much a NUT file may ask for.</summary>
/// <param name="FrameBytes">Largest payload.</param>
/// <param name="PacketBytes">Largest header packet.</param>
/// <param name="Streams">Most streams.</param>
/// <param name="Side">Largest width and height.</param>
internal sealed record NutLimits(int FrameBytes = 512 << 20, int PacketBytes = 1 << 20, int Streams = 16, int Side = 32768);
