namespace EmmaStream.Media.Nut;

/// <summary>The bytes of a NUT stream with their checksum and the bounds of the packet at hand. Small reads are buffered, large ones are not.</summary>
/// <param name="stream">Gives the bytes.</param>
internal sealed class NutBytes(Stream stream)
{
    private const long NoPacket = long.MaxValue;

    private readonly byte[] _buffer = new byte[4096];
    private int _at, _filled;
    private uint _crc;
    private long _left = NoPacket;

    /// <summary>Whether fields of the packet at hand are left.</summary>
    public bool HasMore => _left > 0;

    /// <summary>The next byte outside of a packet; false at the end of the stream.</summary>
    public bool TryNext(out byte value)
    {
        if (_at == _filled)
        {
            _at = 0;
            _filled = stream.Read(_buffer);
        }
        bool isThere = _at < _filled;
        value = isThere ? _buffer[_at++] : (byte)0;
        return isThere;
    }

    /// <summary>The next byte.</summary>
    public byte Next()
    {
        if (_left-- <= 0)
            throw new NutException("a packet ends within a field");
        if (!TryNext(out byte value))
            throw new NutException("the stream ends within a packet");
        _crc = NutCrc.Add(_crc, value);
        return value;
    }

    /// <summary>The next number: 7 bits a byte, most significant first, high bit = more follows.</summary>
    /// <param name="largest">A larger one is an error.</param>
    /// <param name="what">Its name in the error.</param>
    public long NextV(long largest = long.MaxValue >> 2, string what = "number")
    {
        long value = 0;
        byte part;
        do
        {
            part = Next();
            if (value > largest >> 7)
                throw new NutException($"{what} out of range");
            value = (value << 7) | (part & 0x7Fu);
        }
        while ((part & 0x80) != 0);
        return value <= largest ? value : throw new NutException($"{what} {value} is above {largest}");
    }

    /// <summary>The next signed number.</summary>
    public long NextS()
    {
        long coded = NextV() + 1;
        return (coded & 1) != 0 ? -(coded >> 1) : coded >> 1;
    }

    /// <summary>The next bytes with their length before them.</summary>
    public byte[] NextVb(int largest, string what)
    {
        byte[] bytes = new byte[NextV(largest, what)];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = Next();
        return bytes;
    }

    /// <summary>Fills <paramref name="destination"/> from the stream, past the buffer.</summary>
    public void Read(Span<byte> destination)
    {
        int buffered = Math.Min(_filled - _at, destination.Length);
        _buffer.AsSpan(_at, buffered).CopyTo(destination);
        _at += buffered;
        Span<byte> rest = destination[buffered..];
        if (stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) < rest.Length)
            throw new NutException("the stream ends within a frame");
    }

    /// <summary>Starts a checksum with a byte that was read already.</summary>
    public void BeginChecksum(byte first) => _crc = NutCrc.Add(0, first);

    /// <summary>Compares the checksum with the four bytes that come next.</summary>
    public void EndChecksum(string what)
    {
        uint expected = _crc;
        uint stored = 0;
        for (int i = 0; i < 4; i++)
            stored = (stored << 8) | Next();
        if (stored != expected)
            throw new NutException($"wrong checksum of a {what}");
    }

    /// <summary>The next <paramref name="length"/> bytes are one packet's fields; its checksum starts here.</summary>
    public void BeginPacket(long length)
    {
        _left = length;
        _crc = 0;
    }

    /// <summary>Skips what fields are left and compares the packet's checksum.</summary>
    public void EndPacket()
    {
        while (_left > 0)
            Next();
        _left = NoPacket;
        EndChecksum("packet");
    }
}
