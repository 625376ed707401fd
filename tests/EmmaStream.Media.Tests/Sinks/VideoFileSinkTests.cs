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
    public async Task An_mp4_has_its_index_in_front()
    {
        await WriteAsync("out.mp4", [0, 40, 80], new SinkOptions());
        string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_folder["out.mp4"]));
        Assert.True(text.IndexOf("moov", StringComparison.Ordinal) < text.IndexOf("mdat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_existing_file_is_whole_until_its_successor_is_complete()
    {
        await File.WriteAllTextAsync(_folder["out.mp4"], "precious");
        await using VideoFileSink sink = await CreateAsync("out.mp4", new SinkOptions());
        await WriteOneAsync(sink, 0);
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["out.mp4"]));

        Assert.Equal(_folder["out.mp4"], await sink.CompleteAsync(SinkEnding.Complete));
        Assert.Single(await Clips.FrameTimesAsync(_folder["out.mp4"]));
        Assert.Equal(["out.mp4"], _folder.Names);
    }

    [Theory]
    [InlineData(SinkEnding.Interrupted, false, "out.mp4")]
    [InlineData(SinkEnding.Interrupted, true, "out.partial.mp4")]
    [InlineData(SinkEnding.Failed, false, "out.partial.mp4")]
    [InlineData(SinkEnding.Failed, true, "out.partial.mp4")]
    public async Task A_run_that_ends_early_leaves_a_file_that_plays(SinkEnding ending, bool exists, string expected)
    {
        if (exists)
            await File.WriteAllTextAsync(_folder["out.mp4"], "precious");
        await using (VideoFileSink sink = await CreateAsync("out.mp4", new SinkOptions()))
        {
            for (int i = 0; i < 7; i++)
                await WriteOneAsync(sink, i * 40);
            Assert.Equal(_folder[expected], await sink.CompleteAsync(ending));
        }

        Assert.Equal(7, (await Clips.FrameTimesAsync(_folder[expected])).Length);
        Assert.Equal(((string[])[.. exists ? ["out.mp4"] : Array.Empty<string>(), expected]).Distinct().Order(), _folder.Names);
        if (exists)
            Assert.Equal("precious", await File.ReadAllTextAsync(_folder["out.mp4"]));
    }

    [Fact]
    public async Task A_cancelled_write_leaves_what_was_written_before_it()
    {
        using CancellationTokenSource stop = new();
        await using VideoFileSink sink = await CreateAsync("out.mp4", new SinkOptions());
        for (int i = 0; i < 5; i++)
            await WriteOneAsync(sink, i * 40);
        await stop.CancelAsync();
        using (FusedFrame frame = new() { Fused = Some.Frame(_pool.Pool, 200) })
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await sink.WriteAsync(frame, stop.Token));

        Assert.Equal(_folder["out.mp4"], await sink.CompleteAsync(SinkEnding.Interrupted));
        Assert.Equal(5, (await Clips.FrameTimesAsync(_folder["out.mp4"])).Length);
    }

    [Fact]
    public async Task An_older_partial_file_is_not_lost()
    {
        await File.WriteAllTextAsync(_folder["out.partial.mp4"], "two hours");
        await using VideoFileSink sink = await CreateAsync("out.mp4", new SinkOptions());
        await WriteOneAsync(sink, 0);
        Assert.Equal(_folder["out.partial-2.mp4"], await sink.CompleteAsync(SinkEnding.Failed));
        Assert.Equal("two hours", await File.ReadAllTextAsync(_folder["out.partial.mp4"]));
    }

    [Fact]
    public async Task Without_a_frame_or_without_an_ending_nothing_is_left()
    {
        await using (VideoFileSink sink = await CreateAsync("none.mp4", new SinkOptions()))
            Assert.Null(await sink.CompleteAsync(SinkEnding.Complete));
        for (int cycle = 0; cycle < 10; cycle++)
        {
            await using VideoFileSink sink = await CreateAsync("dropped.mp4", new SinkOptions());
            for (int i = 0; i < cycle; i++)
                await WriteOneAsync(sink, i * 40);
        }
        Assert.Empty(_folder.Names);
        Assert.Empty(Clips.Children());
    }

    [Fact]
    public async Task Wrong_names_encoders_and_folders_are_refused_at_once()
    {
        Assert.Equal($"{_folder["out.avi"]}: no video is written as '.avi'. Use .mp4, .mov or .mkv", (await FaultAsync("out.avi", FaultKind.Usage)).Message);
        Assert.Contains("has no video encoder 'nosuch'", (await FaultAsync("out.mp4", FaultKind.Usage, new SinkOptions { Encoder = "nosuch" })).Message, StringComparison.Ordinal);
        Assert.Equal($"{_folder["x/out.mp4"]}: there is no folder {_folder["x"]}. Create it first", (await FaultAsync("x/out.mp4", FaultKind.Output)).Message);
        Assert.Contains("cannot be written", (await FaultAsync("/proc/out.mp4", FaultKind.Output)).Message.Replace("there is no folder", "cannot be written", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task A_size_that_changes_is_refused()
    {
        await using VideoFileSink sink = await CreateAsync("out.mkv", new SinkOptions());
        await WriteOneAsync(sink, 0);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => WriteOneAsync(sink, Filled(new FrameFormat(PixelFormat.Gray8, new FrameSize(32, 32)), 40, 0)));
        Assert.Contains("a video has one size and format", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(await sink.CompleteAsync(SinkEnding.Failed));
    }

    [Fact]
    public async Task Options_that_the_encoder_does_not_take_are_told_in_its_own_words()
    {
        await using VideoFileSink sink = await CreateAsync("out.mp4", new SinkOptions { Preset = "nosuch" });
        Fault fault = await Assert.ThrowsAsync<Fault>(async () =>
        {
            for (int i = 0; i < 5000; i++)
                await WriteOneAsync(sink, i * 40, 320, 240);
            await sink.CompleteAsync(SinkEnding.Complete);
        });
        Assert.Equal(FaultKind.Output, fault.Kind);
        Assert.StartsWith($"{_folder["out.mp4"]}: the encoder failed (", fault.Message, StringComparison.Ordinal);
        Assert.Null(await sink.CompleteAsync(SinkEnding.Failed));
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData("out.mp4")]
    [InlineData("out.mkv")]
    public async Task A_disk_that_gets_full_ends_the_file_while_it_can_still_be_finished(string name)
    {
        using SmallDisk? disk = SmallDisk.TryMount(_folder["disk"], "10m");
        Assert.SkipWhen(disk is null, "a small disk cannot be mounted here (needs root)");
        await using VideoFileSink sink = await CreateAsync($"disk/{name}", new SinkOptions { Crf = 0 });
        int written = 0;
        Fault fault = await Assert.ThrowsAsync<Fault>(async () =>
        {
            for (; written < 3000; written++)
                await WriteOneAsync(sink, Noise(written));
        });

        Assert.Equal(FaultKind.Output, fault.Kind);
        Assert.Matches(@"the disk is nearly full \([1-9] MiB left\), .*Free some space or write elsewhere$", fault.Message);
        string? kept = await sink.CompleteAsync(SinkEnding.Failed);
        Assert.Equal(_folder[$"disk/out.partial{Path.GetExtension(name)}"], kept);
        Assert.Equal(written, (await Clips.FrameTimesAsync(kept!)).Length);
    }

    [Theory]
    [InlineData("out.mp4", false)]
    [InlineData("out.mkv", true)]
    public async Task A_disk_that_others_fill_is_named_and_what_plays_is_kept(string name, bool keeps)
    {
        using SmallDisk? disk = SmallDisk.TryMount(_folder["disk"], "10m");
        Assert.SkipWhen(disk is null, "a small disk cannot be mounted here (needs root)");
        await using VideoFileSink sink = await CreateAsync($"disk/{name}", new SinkOptions { Crf = 0 });
        for (int i = 0; i < 97; i++)   // the next look at the free space comes with frame 104
            await WriteOneAsync(sink, Noise(i));
        Assert.Throws<IOException>(() => File.WriteAllBytes(_folder["disk/others"], new byte[10 << 20]));
        Fault fault = await Assert.ThrowsAsync<Fault>(async () =>
        {
            for (int i = 97; i < 103; i++)
                await WriteOneAsync(sink, Noise(i));
            await sink.CompleteAsync(SinkEnding.Complete);
        });

        Assert.Contains("No space left on device", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("Free some space or write elsewhere", fault.Message, StringComparison.Ordinal);
        Assert.Equal(keeps ? ["others", "out.partial.mkv"] : ["others"], Directory.EnumerateFiles(_folder["disk"]).Select(Path.GetFileName).Order());
        if (keeps)
            Assert.Contains(_folder["disk/out.partial.mkv"], fault.Message, StringComparison.Ordinal);
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

    private async Task<Fault> FaultAsync(string name, FaultKind kind, SinkOptions? options = null)
    {
        Fault fault = await Assert.ThrowsAsync<Fault>(() => CreateAsync(name, options ?? new SinkOptions()));
        Assert.Equal(kind, fault.Kind);
        return fault;
    }

    private Frame Noise(int number)
    {
        Frame noise = Filled(new FrameFormat(PixelFormat.Gray8, new FrameSize(128, 128)), number * 40, 0);
        new Random(number).NextBytes(noise.WritableBytes);
        return noise;
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
