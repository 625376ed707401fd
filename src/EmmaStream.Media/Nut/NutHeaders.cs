using System.Buffers.Binary;
using EmmaStream.Core.Time;

namespace EmmaStream.Media.Nut;

/// <summary>What one frame code stands for.</summary>
internal readonly record struct NutFrameCode(int Flags, int Stream, long PtsDelta, long SizeMul, long SizeLsb, int HeaderIndex);

/// <summary>The main header: time bases, frame codes and elision headers.</summary>
internal sealed class NutMainHeader
{
    private const int MostTimeBases = 64, MostElisions = 128, ElisionBytes = 4096;
    private const long NoMatch = 1 - (1L << 62);

    private NutMainHeader(int streamCount, RationalTime[] timeBases, NutFrameCode[] codes, byte[][] elisions)
    {
        StreamCount = streamCount;
        TimeBases = timeBases;
        Codes = codes;
        Elisions = elisions;
    }

    public int StreamCount { get; }

    public RationalTime[] TimeBases { get; }

    public NutFrameCode[] Codes { get; }

    /// <summary>What is put in front of a frame that names it; entry 0 is empty.</summary>
    public byte[][] Elisions { get; }

    public static NutMainHeader Read(NutBytes bytes, NutLimits limits)
    {
        long version = bytes.NextV(4, "version");
        if (version > 3)
            bytes.NextV();   // minor version
        int streams = (int)bytes.NextV(limits.Streams, "number of streams");
        bytes.NextV();       // max_distance
        RationalTime[] timeBases = new RationalTime[bytes.NextV(MostTimeBases, "number of time bases")];
        for (int i = 0; i < timeBases.Length; i++)
        {
            timeBases[i] = new RationalTime(bytes.NextV(int.MaxValue, "time base"), bytes.NextV(int.MaxValue, "time base"));
            if (!timeBases[i].IsValid)
                throw new NutException($"time base {timeBases[i]}");
        }
        if (streams == 0 || timeBases.Length == 0)
            throw new NutException("a file without streams or time bases");
        return new NutMainHeader(streams, timeBases, ReadCodes(bytes, limits), ReadElisions(bytes));
    }

    // Unlike the rest, size, reserved and count do not carry over from entry to entry.
    private static NutFrameCode[] ReadCodes(NutBytes bytes, NutLimits limits)
    {
        NutFrameCode[] codes = new NutFrameCode[256];
        long ptsDelta = 0, mul = 1, stream = 0, match = NoMatch, header = 0;
        for (int i = 0; i < codes.Length;)
        {
            int flags = (int)bytes.NextV(int.MaxValue, "flags");
            long fields = bytes.NextV(64, "number of fields");
            if (fields > 0) ptsDelta = bytes.NextS();
            if (fields > 1) mul = bytes.NextV(int.MaxValue, "size factor");
            if (fields > 2) stream = bytes.NextV(limits.Streams, "stream number");
            long size = fields > 3 ? bytes.NextV(int.MaxValue, "size") : 0;
            if (fields > 4) bytes.NextV();
            long count = fields > 5 ? bytes.NextV(256, "count") : mul - size;
            if (fields > 6) match = bytes.NextS();
            if (fields > 7) header = bytes.NextV(MostElisions, "elision header");
            for (long f = 8; f < fields; f++)
                bytes.NextV();
            if (count is < 1 or > 256 || match > long.MaxValue >> 1)
                throw new NutException($"a frame code table with {count} entries in one line");
            for (long entry = 0; entry < count && i < codes.Length; i++)
            {
                codes[i] = i == 'N'
                    ? new NutFrameCode(NutFormat.FlagInvalid, 0, 0, 1, 0, 0)
                    : new NutFrameCode(flags, (int)stream, ptsDelta, mul, size + entry++, (int)header);
            }
        }
        return codes;
    }

    private static byte[][] ReadElisions(NutBytes bytes)
    {
        if (!bytes.HasMore)
            return [[]];
        byte[][] elisions = new byte[bytes.NextV(MostElisions, "number of elision headers") + 1][];
        elisions[0] = [];
        for (int i = 1; i < elisions.Length; i++)
            elisions[i] = bytes.NextVb(ElisionBytes, "length of an elision header");
        return elisions;
    }
}

/// <summary>One stream and the last time stamp seen in it, from which short time stamps are completed.</summary>
internal sealed class NutStreamState
{
    private const int FourCcBytes = 16, ExtradataBytes = 1 << 20;

    private readonly int _msbPtsShift;

    private NutStreamState(NutStream stream, int msbPtsShift)
    {
        Stream = stream;
        _msbPtsShift = msbPtsShift;
    }

    public NutStream Stream { get; }

    public long LastPts { get; set; }

    public static NutStreamState Read(NutBytes bytes, NutMainHeader main, NutLimits limits)
    {
        int streamClass = (int)bytes.NextV(3, "stream class");
        byte[] fourCc = bytes.NextVb(FourCcBytes, "length of a codec tag");
        long timeBase = bytes.NextV();
        if (timeBase >= main.TimeBases.Length)
            throw new NutException($"time base {timeBase} does not exist");
        int shift = (int)bytes.NextV(16, "msb_pts_shift");
        bytes.NextV();       // max_pts_distance
        bytes.NextV();       // decode_delay
        bytes.NextV();       // flags
        bytes.NextVb((int)Math.Min(ExtradataBytes, limits.PacketBytes), "length of extradata");
        bool isVideo = streamClass == 0;
        int width = isVideo ? (int)bytes.NextV(limits.Side, "width") : 0;
        int height = isVideo ? (int)bytes.NextV(limits.Side, "height") : 0;
        if (isVideo && (width == 0 || height == 0))
            throw new NutException($"a picture of {width}x{height}");
        uint tag = fourCc.Length == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(fourCc) : 0;
        return new NutStreamState(new NutStream(streamClass, tag, main.TimeBases[timeBase], width, height), shift);
    }

    /// <summary>The time stamp that <paramref name="coded"/> stands for: whole, or its low bits nearest to the last one.</summary>
    public long PtsOf(long coded)
    {
        long size = 1L << _msbPtsShift;
        if (coded >= size)
            return coded - size;
        long mask = size - 1, nearest = LastPts - mask / 2;
        return ((coded - nearest) & mask) + nearest;
    }

    /// <summary>Takes a syncpoint's time over, rounded down (nut.txt: convert_ts).</summary>
    public void Resynchronise(long ticks, RationalTime timeBase)
    {
        Int128 scaled = (Int128)ticks * timeBase.Numerator * Stream.TimeBase.Denominator;
        LastPts = (long)(scaled / ((Int128)timeBase.Denominator * Stream.TimeBase.Numerator));
    }
}
