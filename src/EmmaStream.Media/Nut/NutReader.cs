using EmmaStream.Core.Time;

namespace EmmaStream.Media.Nut;

/// <summary>
/// Reads NUT as ffmpeg writes it to a pipe: header, then frames with PTS and key flag. Synchronous, one user at a time, nothing is
/// allocated per frame. Every size is checked against <see cref="NutLimits"/> before memory is taken, every checksum is checked, and any
/// violation is a <see cref="NutException"/>: after it the stream is out of step for good.
/// </summary>
/// <param name="stream">Gives the bytes; stays open.</param>
/// <param name="limits">How much the stream may ask for.</param>
internal sealed class NutReader(Stream stream, NutLimits limits)
{
    private readonly NutBytes _bytes = new(stream);
    private NutMainHeader? _main;
    private NutStreamState?[] _streams = [];

    // The frame whose payload comes next.
    private int _payloadLeft;
    private byte[] _elided = [];

    /// <summary>The streams; known after <see cref="ReadHeader"/>.</summary>
    public IReadOnlyList<NutStream> Streams => [.. _streams.Select(s => s!.Stream)];

    /// <summary>Reads what stands before the first frame.</summary>
    /// <exception cref="NutException">It is not NUT, breaks a rule or a limit, or ends early.</exception>
    public void ReadHeader()
    {
        foreach (byte expected in NutFormat.Id)
        {
            if (_bytes.Next() != expected)
                throw new NutException("the stream does not begin with a NUT id");
        }
        while (_main is null || _streams.Contains(null))
        {
            byte first = _bytes.Next();
            if (first != 'N')
                throw new NutException("a frame comes before its stream header");
            ReadPacket(first);
        }
    }

    /// <summary>Reads the head of the next frame; its payload must then be read by <see cref="ReadPayload"/>.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="NutException">A rule or limit is broken, or the stream ends within a packet or frame head.</exception>
    public bool TryReadFrame(out NutFrame frame)
    {
        if (_main is null || _payloadLeft > 0)
            throw new InvalidOperationException(_main is null ? "the header was not read" : "the payload of the last frame was not read");
        while (_bytes.TryNext(out byte code))
        {
            if (code == 'N')
            {
                ReadPacket(code);
                continue;
            }
            frame = ReadFrameHead(_main.Codes[code], code);
            return true;
        }
        frame = default;
        return false;
    }

    /// <summary>Reads the payload of the frame whose head was just read.</summary>
    /// <param name="destination">Exactly <see cref="NutFrame.Size"/> bytes.</param>
    /// <exception cref="NutException">The stream ends within it.</exception>
    public void ReadPayload(Span<byte> destination)
    {
        if (destination.Length != _payloadLeft)
            throw new ArgumentException($"the payload has {_payloadLeft} bytes, not {destination.Length}", nameof(destination));
        _payloadLeft = 0;
        _elided.CopyTo(destination);
        _bytes.Read(destination[_elided.Length..]);
    }

    private NutFrame ReadFrameHead(NutFrameCode frameCode, byte code)
    {
        _bytes.BeginChecksum(code);
        int flags = frameCode.Flags;
        if ((flags & NutFormat.FlagInvalid) != 0)
            throw new NutException($"frame code {code} is not defined");
        if ((flags & NutFormat.FlagCoded) != 0)
            flags ^= (int)_bytes.NextV(int.MaxValue, "frame flags");
        long number = (flags & NutFormat.FlagStreamId) != 0 ? _bytes.NextV(limits.Streams, "stream number") : frameCode.Stream;
        if (number >= _streams.Length)
            throw new NutException($"stream {number} does not exist");
        NutStreamState state = _streams[number]!;
        long pts = (flags & NutFormat.FlagCodedPts) != 0 ? state.PtsOf(_bytes.NextV()) : state.LastPts + frameCode.PtsDelta;
        long size = frameCode.SizeLsb;
        if ((flags & NutFormat.FlagSizeMsb) != 0)
            size += frameCode.SizeMul * _bytes.NextV(int.MaxValue, "frame size");
        if ((flags & NutFormat.FlagMatchTime) != 0)
            _bytes.NextV();
        long elision = (flags & NutFormat.FlagHeaderIndex) != 0 ? _bytes.NextV() : frameCode.HeaderIndex;
        SkipReserved((flags & NutFormat.FlagReserved) != 0 ? _bytes.NextV(64, "number of reserved fields") : 0);
        if ((flags & NutFormat.FlagChecksum) != 0)
            _bytes.EndChecksum("frame head");
        _elided = ElidedHeader(elision, size);
        if (size > limits.FrameBytes || size < _elided.Length)
            throw new NutException($"a frame of {size} bytes");
        state.LastPts = pts;
        _payloadLeft = (int)size;
        return new NutFrame((int)number, pts, (flags & NutFormat.FlagKey) != 0, (int)size);
    }

    // Large frames are never elided (nut.txt: header_idx counts as 0 above 4096 bytes).
    private byte[] ElidedHeader(long index, long size)
    {
        if (index >= _main!.Elisions.Length)
            throw new NutException($"elision header {index} does not exist");
        return size > NutFormat.ShortPacket ? [] : _main.Elisions[index];
    }

    private void SkipReserved(long count)
    {
        for (long i = 0; i < count; i++)
            _bytes.NextV();
    }

    private void ReadPacket(byte first)
    {
        _bytes.BeginChecksum(first);
        ulong startCode = first;
        for (int i = 1; i < 8; i++)
            startCode = (startCode << 8) | _bytes.Next();
        long length = _bytes.NextV(limits.PacketBytes, "packet length");
        if (length > NutFormat.ShortPacket)
            _bytes.EndChecksum("packet head");
        if (length < 4)
            throw new NutException($"a packet of {length} bytes");
        _bytes.BeginPacket(length - 4);
        switch (startCode)
        {
            case NutFormat.Main when _main is null:
                _main = NutMainHeader.Read(_bytes, limits);
                _streams = new NutStreamState?[_main.StreamCount];
                break;
            case NutFormat.Stream:
                ReadStreamHeader();
                break;
            case NutFormat.Syncpoint:
                ReadSyncpoint();
                break;
            case NutFormat.Main or NutFormat.Index or NutFormat.Info:
                break;   // repeated or of no use in a pipe
            default:
                throw new NutException($"unknown start code {startCode:X16}");
        }
        _bytes.EndPacket();
    }

    private void ReadStreamHeader()
    {
        if (_main is null)
            throw new NutException("a stream header comes before the main header");
        long number = _bytes.NextV(limits.Streams, "stream number");
        if (number >= _streams.Length)
            throw new NutException($"stream {number} does not exist");
        _streams[number] ??= NutStreamState.Read(_bytes, _main, limits);
    }

    private void ReadSyncpoint()
    {
        if (_main is null || _streams.Contains(null))
            throw new NutException("a syncpoint comes before the headers");
        long coded = _bytes.NextV();
        RationalTime timeBase = _main.TimeBases[(int)(coded % _main.TimeBases.Length)];
        long ticks = coded / _main.TimeBases.Length;
        foreach (NutStreamState? state in _streams)
            state!.Resynchronise(ticks, timeBase);
    }
}
