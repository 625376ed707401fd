using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Probing;
using EmmaStream.Media.Sinks;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Sinks;

public sealed class VideoFileSinkTests : IDisposable
{
    private static readonly FfmpegInstallation Ffmpeg = new(TimeProvider.System);
    private static readonly SinkOptions Lossless = new() { Crf = 0, Preset = "ultrafast" };

    private readonly TemporaryFolder _folder = new();
    private readonly LeakCheckedPool _pool = new();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
        Assert.Empty(Clips.Children());
    }

    [Theory]
    [InlineData("out.mp4")]
    [InlineData("out.mov")]
    [InlineData("out.mkv")]
    public async Task Times_count_and_length_are_exact(string name)
    {
        double[] times = [.. Enumerable.Range(0, 50).Select(i => 100_250 + i * 40.0)];
        Assert.Equal(_folder[name], await WriteAsync(name, times, new SinkOptions()));

        Assert.Equal(times.Select(t => Math.Round((t - 100_250) / 1000, 6)), await Clips.FrameTimesAsync(_folder[name]));
        ProbedVideo video = await MediaProbe.ReadAsync(_folder[name], Ffmpeg, default);
        Assert.Equal(2.0, video.Duration!.Value.TotalSeconds, 3);
        Assert.Equal("h264", video.Codec);
        Assert.Equal([name], _folder.Names);
    }

    [Theory]
    [InlineData("out.mp4", 6)]
    [InlineData("out.mkv", 3)]
    public async Task Variable_steps_keep_their_times(string name, int digits)
    {
        double[] times = [0, 33, 99, 100, 250, 1000, 1001, 4000];
        await WriteAsync(name, times, new SinkOptions { FrameRate = new RationalTime(25, 1) });

        Assert.Equal(times.Select(t => Math.Round(Math.Round(t * 90) / 90_000, digits)), (await Clips.FrameTimesAsync(_folder[name])).Select(t => Math.Round(t, digits)));
        Assert.Equal(4.04, (await MediaProbe.ReadAsync(_folder[name], Ffmpeg, default)).Duration!.Value.TotalSeconds, name == "out.mp4" ? 0.001 : 0.04);
    }

    [Fact]
    public async Task A_file_of_one_frame_lasts_one_frame()
    {
        await WriteAsync("one.mp4", [500], new SinkOptions { FrameRate = new RationalTime(25, 1) });
        Assert.Equal(0.0, Assert.Single(await Clips.FrameTimesAsync(_folder["one.mp4"])));
        Assert.Equal(0.04, (await MediaProbe.ReadAsync(_folder["one.mp4"], Ffmpeg, default)).Duration!.Value.TotalSeconds, 3);
    }

    [Fact]
    public async Task Times_that_stand_still_or_go_back_move_on_by_one_tick()
    {
        await using VideoFileSink sink = await CreateAsync("out.mp4", Lossless);
        foreach (double time in (double[])[0, 40, 40, 20, 80])
            await WriteOneAsync(sink, time);
        await sink.CompleteAsync(SinkEnding.Complete);

        double[] times = await Clips.FrameTimesAsync(_folder["out.mp4"]);
        Assert.Equal([0, 3600, 3601, 3602, 7200], times.Select(t => (int)Math.Round(t * 90000)));
        Assert.Equal(2, sink.MovedTimes);
    }

    [Theory]
    [InlineData(PixelFormat.Yuv420P, ColorRange.Limited, ColorMatrix.Bt601, "tv", "smpte170m", "yuv420p")]
    [InlineData(PixelFormat.Yuv420P, ColorRange.Full, ColorMatrix.Bt709, "pc", "bt709", "yuvj420p")]
    [InlineData(PixelFormat.Nv12, ColorRange.Limited, ColorMatrix.Bt709, "tv", "bt709", "yuv420p")]
    [InlineData(PixelFormat.Gray8, ColorRange.Full, ColorMatrix.Bt601, "pc", "smpte170m", "yuvj420p")]
    [InlineData(PixelFormat.Gray8, ColorRange.Limited, ColorMatrix.Bt601, "tv", "smpte170m", "yuv420p")]
    public async Task Range_and_matrix_are_tagged_and_levels_stay(PixelFormat pixels, ColorRange range, ColorMatrix matrix, string rangeTag, string matrixTag, string pixelTag)
    {
        FrameFormat format = new(pixels, new FrameSize(256, 16), range, matrix);
        await using (VideoFileSink sink = await CreateAsync("out.mp4", Lossless))
        {
            await WriteOneAsync(sink, Ramp(format, 0));
            await WriteOneAsync(sink, Ramp(format, 40));
            await sink.CompleteAsync(SinkEnding.Complete);
        }

        Dictionary<string, string> stream = await Clips.StreamAsync(_folder["out.mp4"], "stream=color_range,color_space,color_primaries,color_transfer,pix_fmt");
        Assert.Equal((rangeTag, matrixTag, pixelTag), (stream["color_range"], stream["color_space"], stream["pix_fmt"]));
        Assert.Equal((matrixTag, matrixTag), (stream["color_primaries"], stream["color_transfer"]));
        byte[] bytes = await Clips.DecodeAsync(_folder["out.mp4"], "format=yuv420p|yuvj420p");
        Assert.Equal(Enumerable.Range(0, 256).Select(x => (byte)x), bytes.Take(256));
        byte[] chroma = pixels == PixelFormat.Gray8 ? [128, 128] : [50, 60];
        Assert.Equal(chroma, (byte[])[bytes[256 * 16], bytes[256 * 16 + 128 * 8]]);
    }

    [Fact]
    public async Task Colour_and_16_bit_pictures_are_brought_to_what_H264_holds()
    {
        FrameFormat wide = new(PixelFormat.Gray16, new FrameSize(16, 16));
        await using (VideoFileSink sink = await CreateAsync("wide.mp4", Lossless))
        {
            await WriteOneAsync(sink, Filled(wide, 0, 0x80, 0x21));   // little-endian: the upper byte is 0x21
            await sink.CompleteAsync(SinkEnding.Complete);
        }
        await using (VideoFileSink sink = await CreateAsync("color.mp4", Lossless))
        {
            await WriteOneAsync(sink, Filled(new FrameFormat(PixelFormat.Bgr24, new FrameSize(15, 15)), 0, 255, 255, 255));
            await sink.CompleteAsync(SinkEnding.Complete);
        }

        Assert.Equal(0x21, (await Clips.DecodeAsync(_folder["wide.mp4"], "extractplanes=y"))[0]);
        byte[] white = await Clips.DecodeAsync(_folder["color.mp4"], "extractplanes=y");
        Assert.Equal(16 * 16, white.Length);
        Assert.All(white, y => Assert.Equal(235, y));
    }

    [Theory]
    [InlineData(PixelFormat.Yuv420P)]
    [InlineData(PixelFormat.Gray8)]
    [InlineData(PixelFormat.Nv12)]
    public async Task An_odd_size_repeats_its_last_row_and_column_and_says_so(PixelFormat pixels)
    {
        FrameFormat format = new(pixels, new FrameSize(33, 19));
        string? note;
        await using (VideoFileSink sink = await CreateAsync("odd.mkv", Lossless))
        {
            await WriteOneAsync(sink, Ramp(format, 0));
            note = sink.Note;
            await sink.CompleteAsync(SinkEnding.Complete);
        }

        Assert.Equal($"{_folder["odd.mkv"]}: 33x19 has an odd side, which H.264 cannot hold: the last row or column is repeated (34x20)", note);
        byte[] luma = await Clips.DecodeAsync(_folder["odd.mkv"], "extractplanes=y");
        Assert.Equal(34 * 20, luma.Length);
        Assert.Equal([.. Enumerable.Range(0, 33).Select(x => (byte)x), 32], luma[(34 * 19)..]);
        Assert.Null((await Record.ExceptionAsync(() => MediaProbe.ReadAsync(_folder["odd.mkv"], Ffmpeg, default)))?.Message);
    }

    [Fact]
    public async Task The_composer_decides_what_is_written()
    {
        SinkOptions options = Lossless with { Compose = f => f.Visible!.Share() };
        await using (VideoFileSink sink = await CreateAsync("out.mp4", options))
        {
            using FusedFrame frame = new() { Fused = Some.Frame(_pool.Pool, value: 10), Visible = Some.Frame(_pool.Pool, value: 200) };
            Assert.True(await sink.WriteAsync(frame, default));
            await sink.CompleteAsync(SinkEnding.Complete);
        }
        Assert.Equal(200, (await Clips.DecodeAsync(_folder["out.mp4"], "extractplanes=y"))[0]);
    }

    [Fact]
    public async Task Writing_allocates_only_the_shared_frames_object()
    {
        await using VideoFileSink sink = await CreateAsync("out.mkv", new SinkOptions { Preset = "ultrafast" });
        FusedFrame[] frames = [.. Enumerable.Range(0, 500).Select(i => new FusedFrame { Fused = Some.Frame(_pool.Pool, i * 40, (byte)i) })];
        for (int i = 0; i < 100; i++)
            await sink.WriteAsync(frames[i], default);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 100; i < 500; i++)
            await sink.WriteAsync(frames[i], default);
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 400;
        foreach (FusedFrame frame in frames)
            frame.Dispose();
        Assert.True(each < 300, $"{each} bytes a frame");
    }

    [Fact]
    public async Task An_mp4_has_its_index_in_front()
    {
        await WriteAsync("out.mp4", [0, 40, 80], new SinkOptions());
        string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_folder["out.mp4"]));
        Assert.True(text.IndexOf("moov", StringComparison.Ordinal) < text.IndexOf("mdat", StringComparison.Ordinal));
    }

    private Task<VideoFileSink> CreateAsync(string name, SinkOptions options) => VideoFileSink.CreateAsync(_folder[name], options, Ffmpeg, default);

    private async Task<string?> WriteAsync(string name, double[] times, SinkOptions options)
    {
        await using VideoFileSink sink = await CreateAsync(name, options);
        foreach (double time in times)
            await WriteOneAsync(sink, time, 64, 48);
        return await sink.CompleteAsync(SinkEnding.Complete);
    }

    private Task WriteOneAsync(VideoFileSink sink, double time, int width = 16, int height = 16) =>
        WriteOneAsync(sink, Some.Frame(_pool.Pool, time, (byte)(time / 40 % 200), width, height));

    private static async Task WriteOneAsync(VideoFileSink sink, Frame picture)
    {
        using FusedFrame frame = new() { Fused = picture };
        Assert.True(await sink.WriteAsync(frame, default));
    }

    private Frame Ramp(FrameFormat format, double time)
    {
        Frame frame = Filled(format, time, 0);
        for (int y = 0; y < format.Size.Height; y++)
        {
            for (int x = 0; x < format.Size.Width; x++)
                frame.WritablePlane(0).Row<byte>(y)[x] = (byte)x;
        }
        if (format.Pixels == PixelFormat.Yuv420P)
        {
            frame.WritablePlane(1).Bytes.Fill(50);
            frame.WritablePlane(2).Bytes.Fill(60);
        }
        else if (format.Pixels == PixelFormat.Nv12)
        {
            for (int i = 0; i < frame.WritablePlane(1).Bytes.Length; i++)
                frame.WritablePlane(1).Bytes[i] = i % 2 == 0 ? (byte)50 : (byte)60;
        }
        return frame;
    }

    private Frame Filled(FrameFormat format, double time, params byte[] pattern)
    {
        Timestamp at = Timestamp.FromMilliseconds(time);
        Frame frame = _pool.Pool.Rent(format, new FrameStamp(at, RationalTime.Video.ToTicks(at), 0, "test"));
        for (int i = 0; i < format.ByteSize; i++)
            frame.WritableBytes[i] = pattern[i % pattern.Length];
        return frame;
    }
}
