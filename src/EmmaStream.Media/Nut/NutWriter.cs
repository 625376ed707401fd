using System.Buffers.Binary;

namespace EmmaStream.Media.Nut;

/// <summary>
/// Writes one video stream as NUT, so that each frame keeps its PTS on the way into ffmpeg. One syncpoint before each frame, as ffmpeg
/// itself writes raw video. Synchronous, one user at a time; nothing is allocated per frame.
/// </summary>
/// <param name="stream">Receives the bytes; stays open.</param>
internal sealed class NutWriter(Stream stream)
{
    private const int MsbPtsShift = 7;

    private readonly byte[] _packet = new byte[512];
    private readonly byte[] _body = new byte[256];

    /// <summary>Writes what stands before the first frame.</summary>
    public void WriteHeader(NutStream video)
    {
        stream.Write(NutFormat.Id);
        WritePacket(NutFormat.Main, MainBody(video));
        WritePacket(NutFormat.Stream, StreamBody(video));
    }

    /// <summary>Writes one key frame whose payload is <paramref name="first"/> and then <paramref name="second"/>.</summary>
    /// <param name="pts">At least 0, in ticks of the stream's time base.</param>
    /// <param name="first">First part.</param>
    /// <param name="second">Second part; may be empty.</param>
    public void WriteFrame(long pts, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pts);
        int at = PutV(_body, 0, pts);          // global_key_pts with a single time base
        at = PutV(_body, at, 0);               // back_ptr_div16: nobody seeks in a pipe
        int length = PutPacket(NutFormat.Syncpoint, _body.AsSpan(0, at));

        int head = length;
        _packet[length++] = 1;                 // the one valid frame code
        length = PutV(_packet, length, pts + (1 << MsbPtsShift));
        length = PutV(_packet, length, first.Length + (long)second.Length);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(length), NutCrc.Add(0, _packet.AsSpan(head, length - head)));
        stream.Write(_packet, 0, length + 4);
        stream.Write(first);
        if (!second.IsEmpty)
            stream.Write(second);
    }

    private ReadOnlySpan<byte> MainBody(NutStream video)
    {
        int at = PutAll(0, 3, 1, 65536, 1, video.TimeBase.Numerator, video.TimeBase.Denominator);   // version, streams, max_distance, time bases
        at = PutAll(at, NutFormat.FlagInvalid, 6, 0, 1, 0, 0, 0, 1);                                // code 0
        at = PutAll(at, NutFormat.FlagKey | NutFormat.FlagCodedPts | NutFormat.FlagSizeMsb | NutFormat.FlagChecksum, 6, 0, 1, 0, 0, 0, 1);
        at = PutAll(at, NutFormat.FlagInvalid, 6, 0, 1, 0, 0, 0, 253);                              // the rest but for 'N'
        at = PutAll(at, 0, 0);                                                                      // no elision headers, no flags
        return _body.AsSpan(0, at);
    }

    private ReadOnlySpan<byte> StreamBody(NutStream video)
    {
        int at = PutAll(0, 0, video.Class, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(_body.AsSpan(at), video.FourCc);
        long maxPtsDistance = 10 * video.TimeBase.Denominator / video.TimeBase.Numerator;
        at = PutAll(at + 4, 0, MsbPtsShift, maxPtsDistance, 0, 0, 0, video.Width, video.Height, 0, 0, 0);
        return _body.AsSpan(0, at);
    }

    private void WritePacket(ulong startCode, ReadOnlySpan<byte> body) => stream.Write(_packet, 0, PutPacket(startCode, body));

    private int PutPacket(ulong startCode, ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_packet, startCode);
        int at = PutV(_packet, 8, body.Length + 4);
        body.CopyTo(_packet.AsSpan(at));
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(at + body.Length), NutCrc.Add(0, body));
        return at + body.Length + 4;
    }

    private int PutAll(int at, params ReadOnlySpan<long> values)
    {
        foreach (long value in values)
            at = PutV(_body, at, value);
        return at;
    }

    // 7 bits a byte, most significant first, high bit = more follows.
    private static int PutV(byte[] target, int at, long value)
    {
        int groups = 1;
        for (long rest = value >> 7; rest != 0; rest >>= 7)
            groups++;
        for (int i = groups - 1; i >= 0; i--)
            target[at++] = (byte)((byte)((value >> (7 * i)) & 0x7F) | (i > 0 ? 0x80 : 0));
        return at;
    }
}
