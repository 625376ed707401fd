using System.Buffers.Binary;
using EmmaStream.Core.Frames;

namespace EmmaStream.Imaging.Stills;

/// <summary>
/// Size and completeness of a picture file, told from its first bytes before anything is decoded, so that a few hostile bytes cannot ask for
/// gigabytes of samples. It reads PNG, JPEG, BMP, TIFF and WebP as their specifications lay them out and never looks outside the file.
/// </summary>
/// <param name="Size">Pixels the file says it holds; zero or negative values are possible in a damaged file.</param>
/// <param name="IsComplete">False where the end that the format prescribes is missing; not told for BMP and TIFF.</param>
internal readonly record struct StillHeader(FrameSize Size, bool IsComplete)
{
    /// <summary>Reads the header of <paramref name="file"/>.</summary>
    /// <returns>Null when the bytes are none of the five formats, or end inside the header.</returns>
    internal static StillHeader? TryRead(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            return ReadPng(file);
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ReadJpeg(file);
        if (file.StartsWith("BM"u8))
            return ReadBmp(file);
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8))
            return ReadTiff(file, file[0] == (byte)'I');
        return file.Length >= 30 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? ReadWebP(file) : null;
    }

    private static StillHeader? ReadPng(ReadOnlySpan<byte> file)
    {
        if (file.Length < 33 || !file[12..].StartsWith("IHDR"u8))
            return null;
        return new(Big(file[16..], file[20..]), file.LastIndexOf("IEND"u8) > 0);
    }

    /// <summary>Walks the marker segments to the frame header (ITU-T T.81 annex B.2.2) and on to the first scan.</summary>
    private static StillHeader? ReadJpeg(ReadOnlySpan<byte> file)
    {
        FrameSize? size = null;
        for (int at = 2; at + 9 < file.Length && file[at] == 0xFF;)
        {
            byte marker = file[at + 1];
            if (marker is 0xFF)
            {
                at++;
                continue;
            }
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                size = new(BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            if (marker == 0xDA)
                return size is { } known ? new(known, file[at..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > 0) : null;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }
        return size is { } found ? new(found, IsComplete: false) : null;
    }

    private static StillHeader? ReadBmp(ReadOnlySpan<byte> file)
    {
        if (file.Length < 26)
            return null;
        bool old = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12;   // OS/2: 16-bit sizes
        int width = old ? BinaryPrimitives.ReadUInt16LittleEndian(file[18..]) : BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        int height = old ? BinaryPrimitives.ReadUInt16LittleEndian(file[20..]) : BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        return new(new(width, height == int.MinValue ? 0 : Math.Abs(height)), IsComplete: true);   // negative: rows from the top
    }

    /// <summary>Finds tags 256 and 257 in the first directory (TIFF 6.0 section 2).</summary>
    private static StillHeader? ReadTiff(ReadOnlySpan<byte> file, bool little)
    {
        if (file.Length < 8)
            return null;
        uint directory = U32(file[4..], little);
        if (directory > file.Length - 2)
            return null;
        int entries = U16(file[(int)directory..], little);
        long width = 0, height = 0;
        for (int i = 0, at = (int)directory + 2; i < entries && at + 12 <= file.Length; i++, at += 12)
        {
            int tag = U16(file[at..], little);
            uint value = U16(file[(at + 2)..], little) == 3 ? U16(file[(at + 8)..], little) : U32(file[(at + 8)..], little);
            if (tag == 256)
                width = value;
            else if (tag == 257)
                height = value;
        }
        return new(new((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue)), IsComplete: true);
    }

    /// <summary>The three kinds of first chunk (RFC 9649).</summary>
    private static StillHeader? ReadWebP(ReadOnlySpan<byte> file)
    {
        bool complete = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L <= file.Length + 1L;
        ReadOnlySpan<byte> chunk = file[12..];
        if (chunk.StartsWith("VP8X"u8))
            return new(new(1 + U24(chunk[12..]), 1 + U24(chunk[15..])), complete);
        if (chunk.StartsWith("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[9..]);
            return new(new(1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF)), complete);
        }
        return chunk.StartsWith("VP8 "u8)
            ? new(new(U16(chunk[14..], true) & 0x3FFF, U16(chunk[16..], true) & 0x3FFF), complete)
            : null;
    }

    private static FrameSize Big(ReadOnlySpan<byte> width, ReadOnlySpan<byte> height) =>
        new(BinaryPrimitives.ReadInt32BigEndian(width), BinaryPrimitives.ReadInt32BigEndian(height));

    private static int U24(ReadOnlySpan<byte> at) => at[0] | at[1] << 8 | at[2] << 16;

    private static ushort U16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint U32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
