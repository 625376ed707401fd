using System.Globalization;
using EmmaStream.Core.Time;
using EmmaStream.Media.Nut;
using EmmaStream.Testing;
using FsCheck;
using FsCheck.Xunit;

namespace EmmaStream.Media.Tests.Nut;

public sealed class NutTests : IDisposable
{
    private static readonly NutLimits Small = new(FrameBytes: 100_000, Side: 1000);
    private static readonly NutStream Gray = new(0, NutStream.Tag("Y800"u8), RationalTime.Video, 8, 4);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        long[] pts = [0, 1, 127, 128, 3600, 90_000L * 86_400 * 365, 5];
        (NutStream stream, List<(NutFrame Head, byte[] Payload)> frames) = Read(Write(pts));

        Assert.Equal(Gray, stream);
        Assert.Equal(pts, frames.Select(f => f.Head.Pts));
        Assert.All(frames, f => Assert.True(f.Head.IsKeyframe));
        Assert.All(frames.Select((f, i) => (f, i)), f => Assert.Equal(Picture(f.i), f.f.Payload));
    }

    [Theory]
    [InlineData("gray", "Y800", 1)]
    [InlineData("gray16le", "Y1\0\u0010", 2)]
    [InlineData("yuv420p", "I420", 1.5)]
    public async Task Raw_video_of_ffmpeg_is_read_with_its_times(string pixels, string fourCc, double bytesPerPixel)
    {
        string path = _folder["a.nut"];
        await Clips.MakeMovingAsync(path, frames: 30, encoding: ["-vf", $"setpts=PTS+mod(N\\,3)*0.01/TB,format={pixels}", "-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-c:v", "rawvideo"]);
        (NutStream stream, List<(NutFrame Head, byte[] Payload)> frames) = Read(File.ReadAllBytes(path));

        Assert.Equal((64, 48), (stream.Width, stream.Height));
        Assert.Equal(fourCc.Select(c => (byte)c), BitConverter.GetBytes(stream.FourCc));
        Assert.All(frames, f => Assert.Equal((int)(64 * 48 * bytesPerPixel), f.Payload.Length));
        Assert.Equal(await Clips.FrameTimesAsync(path), frames.Select(f => Math.Round(f.Head.Pts * stream.TimeBase.Value, 6)));
        Assert.Equal(await Clips.DecodeAsync(path, "null"), frames.SelectMany(f => f.Payload));
    }

    [Fact]
    public async Task Compressed_video_with_B_frames_elided_headers_and_key_flags_is_read()
    {
        string path = _folder["a.nut"];
        await Clips.MakeMovingAsync(path, frames: 30, encoding: ["-c:v", "mpeg4", "-bf", "2", "-g", "10"]);
        (NutStream stream, List<(NutFrame Head, byte[] Payload)> frames) = Read(File.ReadAllBytes(path));

        Assert.Equal(30, frames.Count);
        Assert.InRange(frames.Count(f => f.Head.IsKeyframe), 3, 4);
        Assert.All(frames, f => Assert.Equal([0, 0, 1], f.Payload[..3]));   // every picture begins with a start code, elided or not
        double[] times = await Clips.FrameTimesAsync(path);
        Assert.Equal(times, frames.Select(f => Math.Round(f.Head.Pts * stream.TimeBase.Value, 6)).Order());
    }

    [Fact]
    public async Task Ffmpeg_reads_what_is_written_with_its_times()
    {
        long[] pts = [0, 3601, 9000, 18_001, 18_002];
        File.WriteAllBytes(_folder["a.nut"], Write(pts));
        Assert.Equal(pts.Select(p => Math.Round(p / 90000.0, 6)), await Clips.FrameTimesAsync(_folder["a.nut"]));
    }

    [Fact]
    public void A_stream_that_ends_anywhere_but_between_frames_is_an_error()
    {
        byte[] whole = Write([0, 3600]);
        HashSet<int> clean = [HeaderLength(), HeaderLength() + SyncpointLength, FrameEnd(1), FrameEnd(1) + SyncpointLength + 1, whole.Length];
        for (int length = 0; length < whole.Length; length++)
        {
            Exception? error = Record.Exception(() => Read(whole[..length]));
            if (!clean.Contains(length))
                Assert.IsType<NutException>(error);
        }
        Assert.Null(Record.Exception(() => Read(whole)));
    }

    [Fact]
    public void Every_flipped_byte_before_the_first_payload_is_noticed()
    {
        byte[] whole = Write([0, 3600]);
        int head = FrameEnd(1) - 32;
        for (int at = 0; at < head; at++)
        {
            for (int mask = 1; mask < 256; mask = mask * 2 + 1)
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= (byte)mask;
                Assert.IsType<NutException>(Record.Exception(() => Read(damaged)));
            }
        }
    }

    [Property(MaxTest = 3000)]
    public void Damaged_streams_end_in_a_typed_error_or_are_read(int seed)
    {
        Random random = new(seed);
        byte[] bytes = Write([0, 3600, 7200]);
        for (int i = random.Next(1, 6); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        ReadOrTypedError(bytes[..random.Next(bytes.Length)]);
    }

    [Property(MaxTest = 1000)]
    public void Noise_behind_a_right_id_ends_in_a_typed_error(byte[] noise) => ReadOrTypedError([.. NutFormat.Id, .. noise]);

    [Property(MaxTest = 3000)]
    public void Headers_with_right_checksums_and_wild_values_end_in_a_typed_error(int seed)
    {
        Random random = new(seed);
        ReadOrTypedError([.. NutFormat.Id, .. WildPacket(NutFormat.Main, random), .. WildPacket(NutFormat.Stream, random), .. WildPacket(NutFormat.Syncpoint, random), 1, 2, 3, 4]);
    }

    [Fact]
    public void Sizes_above_the_limits_are_refused_before_memory_is_taken()
    {
        using MemoryStream bytes = new();
        NutWriter writer = new(bytes);
        writer.WriteHeader(Gray);
        writer.WriteFrame(0, new byte[200_000]);
        Assert.Contains("200000 bytes", Assert.IsType<NutException>(Record.Exception(() => Read(bytes.ToArray()))).Message, StringComparison.Ordinal);

        using MemoryStream wide = new();
        new NutWriter(wide).WriteHeader(Gray with { Width = 100_000 });
        Assert.IsType<NutException>(Record.Exception(() => Read(wide.ToArray())));
    }

    private const int SyncpointLength = 8 + 1 + 2 + 4;

    private static int HeaderLength()
    {
        using MemoryStream bytes = new();
        new NutWriter(bytes).WriteHeader(Gray);
        return (int)bytes.Length;
    }

    private static int FrameEnd(int frames) => Write([.. Enumerable.Repeat(0L, frames)]).Length;

    private static byte[] Picture(int i) => [.. Enumerable.Range(0, 32).Select(x => (byte)(x * 5 + i))];

    private static byte[] Write(long[] pts)
    {
        using MemoryStream bytes = new();
        NutWriter writer = new(bytes);
        writer.WriteHeader(Gray);
        for (int i = 0; i < pts.Length; i++)
            writer.WriteFrame(pts[i], Picture(i).AsSpan(0, 20), Picture(i).AsSpan(20));
        return bytes.ToArray();
    }

    private static (NutStream Stream, List<(NutFrame Head, byte[] Payload)> Frames) Read(byte[] bytes)
    {
        NutReader reader = new(new MemoryStream(bytes), Small);
        reader.ReadHeader();
        List<(NutFrame, byte[])> frames = [];
        while (reader.TryReadFrame(out NutFrame head))
        {
            byte[] payload = new byte[head.Size];
            reader.ReadPayload(payload);
            frames.Add((head, payload));
        }
        return (reader.Streams[0], frames);
    }

    private static void ReadOrTypedError(byte[] bytes)
    {
        Exception? error = Record.Exception(() => Read(bytes));
        Assert.True(error is null or NutException, error?.ToString());
    }

    private static byte[] WildPacket(ulong code, Random random)
    {
        List<byte> body = [];
        for (int i = random.Next(1, 60); i > 0; i--)
            body.AddRange(random.Next(4) == 0 ? [(byte)(0x80 | random.Next(128)), (byte)random.Next(128)] : [(byte)random.Next(random.Next(2) == 0 ? 4 : 128)]);
        uint crc = NutCrc.Add(0, body.ToArray());
        byte[] start = [.. BitConverter.GetBytes(code).Reverse(), (byte)(0x80 | ((body.Count + 4) >> 7)), (byte)((body.Count + 4) & 0x7F)];
        return [.. start, .. body, .. BitConverter.GetBytes(crc).Reverse()];
    }
}
