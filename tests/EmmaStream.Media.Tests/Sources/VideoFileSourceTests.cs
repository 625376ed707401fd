using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sources;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Sources;

public sealed class VideoFileSourceTests : IDisposable
{
    private static readonly FfmpegInstallation Ffmpeg = new(TimeProvider.System);
    private static readonly string[] X264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p"];

    private readonly TemporaryFolder _folder = new();
    private readonly LeakCheckedPool _pool = new();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
        Assert.Empty(Clips.Children());
    }

    [Theory]
    [InlineData("a.mp4", 30)]
    [InlineData("a.mkv", 9)]
    [InlineData("a.ts", 25)]
    [InlineData("a.mov", 30)]
    public async Task Every_frame_comes_with_the_time_that_ffprobe_tells(string name, int rate)
    {
        await Clips.MakeMovingAsync(_folder[name], rate: rate, frames: 40, encoding: [.. X264, "-bf", "3", "-g", "12"]);
        Reading reading = await ReadAsync(name);

        Assert.Equal(40, reading.Times.Count);
        Assert.Equal(await Clips.FrameTimesAsync(_folder[name]), reading.Times);
        Assert.Equal(rate, reading.Description.FrameRate.Value, 3);
        Assert.Equal(await Clips.DecodeAsync(_folder[name], "null"), reading.Bytes);
    }

    [Theory]
    [InlineData("vfr.mp4")]
    [InlineData("vfr.mkv")]
    public async Task Variable_rates_keep_their_times(string name)
    {
        await Clips.MakeMovingAsync(_folder[name], frames: 60, encoding: ["-vf", "settb=1/90000,setpts=PTS+mod(N*N\\,7)*0.004/TB", "-fps_mode", "passthrough", "-enc_time_base", "1/90000", .. X264, "-bf", "2"]);
        Reading reading = await ReadAsync(name);

        double[] expected = await Clips.FrameTimesAsync(_folder[name]);
        Assert.Equal(60, expected.Length);
        Assert.Equal(expected, reading.Times);
        Assert.True(reading.Times.Zip(reading.Times.Skip(1), (a, b) => Math.Round(b - a, 3)).Distinct().Count() > 3);
    }

    [Theory]
    [InlineData("mkv", "100.25")]
    [InlineData("mp4", "100.25")]
    [InlineData("ts", "100.25")]
    [InlineData("nut", "3600.5")]
    public async Task A_start_offset_is_kept(string extension, string offset)
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], encoding: X264);
        string name = $"late.{extension}";
        await Clips.MakeAsync("-itsoffset", offset, "-i", _folder["a.mp4"], "-copyts", "-muxdelay", "0", "-muxpreload", "0", "-c", "copy", _folder[name]);
        Reading reading = await ReadAsync(name);

        Assert.Equal(await Clips.FrameTimesAsync(_folder[name]), reading.Times);
        Assert.Equal(double.Parse(offset, System.Globalization.CultureInfo.InvariantCulture), reading.Times[0], 6);
    }

    [Theory]
    [InlineData("yuv420p", "tv", ColorRange.Limited, PixelFormat.Yuv420P)]
    [InlineData("yuv420p", "pc", ColorRange.Full, PixelFormat.Yuv420P)]
    [InlineData("yuv420p", null, ColorRange.Limited, PixelFormat.Yuv420P)]
    [InlineData("yuv422p", null, ColorRange.Limited, PixelFormat.Yuv420P)]
    [InlineData("yuv420p10le", "pc", ColorRange.Full, PixelFormat.Yuv420P)]
    [InlineData("gray", null, ColorRange.Full, PixelFormat.Gray8)]
    [InlineData("gray", "tv", ColorRange.Limited, PixelFormat.Gray8)]
    public async Task Levels_stay_as_stored_whatever_the_tags_say(string pixels, string? tag, ColorRange range, PixelFormat format)
    {
        string depth = pixels.Contains("10", StringComparison.Ordinal) ? "4" : "1";
        string chroma = pixels == "gray" ? "" : $":cb=128*{depth}:cr=128*{depth}";
        string[] tags = tag is null ? [] : ["-color_range", tag];
        await Clips.MakeAsync(["-f", "lavfi", "-i", $"nullsrc=s=256x4:r=25,format={pixels},geq=lum=X*{depth}{chroma}", "-frames:v", "2", "-c:v", "ffv1", .. tags, _folder["a.mkv"]]);
        Reading reading = await ReadAsync("a.mkv");

        Assert.Equal((format, range), (reading.Description.Format.Pixels, reading.Description.Format.Range));
        int tolerance = depth == "1" ? 0 : 1;   // ffmpeg dithers from 10 to 8 bits
        Assert.All(Enumerable.Range(0, 256), x => Assert.InRange(reading.Bytes[x], x - tolerance, x + tolerance));
    }

    [Fact]
    public async Task A_full_range_MJPEG_is_not_squeezed()
    {
        await Clips.MakeMovingAsync(_folder["a.avi"], frames: 3, encoding: ["-pix_fmt", "yuvj422p", "-c:v", "mjpeg", "-q:v", "2"]);
        Reading reading = await ReadAsync("a.avi");
        byte[] luma = await Clips.DecodeAsync(_folder["a.avi"], "extractplanes=y");

        Assert.Equal(ColorRange.Full, reading.Description.Format.Range);
        Assert.Equal(luma[..(64 * 48)], reading.Bytes[..(64 * 48)]);
    }

    [Fact]
    public async Task RGB_becomes_full_range_luma()
    {
        await Clips.MakeAsync("-f", "lavfi", "-i", "color=c=0x204060:s=16x16:r=25,format=bgr0", "-frames:v", "2", "-c:v", "ffv1", _folder["a.mkv"]);
        Reading reading = await ReadAsync("a.mkv");

        Assert.Equal((ColorRange.Full, ColorMatrix.Bt601), (reading.Description.Format.Range, reading.Description.Format.Matrix));
        Assert.Equal(0.299 * 0x20 + 0.587 * 0x40 + 0.114 * 0x60, reading.Bytes[0], 1.0);
    }

    [Theory]
    [InlineData("gray16le")]
    [InlineData("gray16be")]
    public async Task Sixteen_bit_gray_keeps_all_its_bits(string pixels)
    {
        await Clips.MakeAsync("-f", "lavfi", "-i", "nullsrc=s=256x4:r=9,format=gray16le,geq=lum=X*256+Y", "-frames:v", "2", "-pix_fmt", pixels, "-c:v", pixels == "gray16le" ? "ffv1" : "png", _folder["a.mkv"]);
        Reading reading = await ReadAsync("a.mkv");

        Assert.Equal(PixelFormat.Gray16, reading.Description.Format.Pixels);
        ushort[] row = [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(reading.Bytes.AsSpan(256 * 2, 256 * 2))];
        Assert.Equal(Enumerable.Range(0, 256).Select(x => (ushort)(x * 256 + 1)), row);
    }

    [Theory]
    [InlineData("67x45", "yuv420p", "ffv1")]
    [InlineData("1x1", "gray", "ffv1")]
    [InlineData("33x7", "yuvj420p", "mjpeg")]
    public async Task Odd_sizes_are_exact(string size, string pixels, string codec)
    {
        await Clips.MakeMovingAsync(_folder["a.mkv"], frames: 3, encoding: ["-vf", $"scale={size.Replace('x', ':')}", "-pix_fmt", pixels, "-c:v", codec]);
        Reading reading = await ReadAsync("a.mkv");

        Assert.Equal(size, $"{reading.Description.Format.Size}");
        Assert.Equal(await Clips.DecodeAsync(_folder["a.mkv"], "null"), reading.Bytes);
    }

    [Fact]
    public async Task A_rotation_flag_turns_the_picture()
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], encoding: X264);
        await Clips.MakeAsync("-i", _folder["a.mp4"], "-c", "copy", "-metadata:s:v:0", "rotate=90", _folder["turned.mp4"]);
        Reading reading = await ReadAsync("turned.mp4");

        Assert.Equal(new FrameSize(48, 64), reading.Description.Format.Size);
        Assert.Equal(await Clips.DecodeAsync(_folder["turned.mp4"], "null"), reading.Bytes);
    }

    [Theory]
    [InlineData("a.mp4", 0)]
    [InlineData("late.mkv", 100.25)]
    public async Task Start_and_duration_count_from_the_first_frame(string name, double offset)
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], rate: 10, frames: 50, encoding: [.. X264, "-bf", "2", "-g", "20"]);
        if (offset > 0)
            await Clips.MakeAsync("-itsoffset", "100.25", "-i", _folder["a.mp4"], "-copyts", "-c", "copy", _folder[name]);
        Reading reading = await ReadAsync(name, new SourceOptions { Start = TimeSpan.FromSeconds(2.5), Duration = TimeSpan.FromSeconds(1) });

        Assert.Equal(Enumerable.Range(25, 10).Select(i => Math.Round(offset + i / 10.0, 6)), reading.Times);
        Assert.Equal(0, reading.FirstSequence);
    }

    [Fact]
    public async Task Start_counts_from_the_first_picture_even_where_sound_begins_earlier()
    {
        await Clips.MakeAsync("-f", "lavfi", "-i", "sine=d=6", "-itsoffset", "1", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=5", "-map", "0", "-map", "1", "-c:a", "aac", "-c:v", "libx264", "-pix_fmt", "yuv420p", _folder["a.mkv"]);
        double[] all = await Clips.FrameTimesAsync(_folder["a.mkv"]);
        Reading reading = await ReadAsync("a.mkv", new SourceOptions { Start = TimeSpan.FromSeconds(2) });
        Assert.Equal(all.SkipWhile(t => t < all[0] + 1.9999), reading.Times);
    }

    [Fact]
    public async Task The_halves_of_a_side_by_side_video_are_cut_out()
    {
        await Clips.MakeMovingAsync(_folder["a.mkv"], size: "128x48", frames: 2, encoding: ["-pix_fmt", "yuv420p", "-c:v", "ffv1"]);
        Reading left = await ReadAsync("a.mkv", new SourceOptions { Half = PictureHalf.Left });
        Reading right = await ReadAsync("a.mkv", new SourceOptions { Half = PictureHalf.Right });

        Assert.Equal(new FrameSize(64, 48), right.Description.Format.Size);
        Assert.Equal(await Clips.DecodeAsync(_folder["a.mkv"], "crop=64:48:0:0"), left.Bytes);
        Assert.Equal(await Clips.DecodeAsync(_folder["a.mkv"], "crop=64:48:64:0"), right.Bytes);
    }

    [Theory]
    [InlineData("cut.mp4", 0.6, 0, 20, 90)]
    [InlineData("cut.mkv", 0.6, 0, 20, 90)]
    [InlineData("cut.avi", 0.6, 0, 20, 90)]
    [InlineData("cut.mp4", 1, 300, 98, 99)]
    [InlineData("cut.mp4", 1, 1500, 97, 99)]
    [InlineData("cut.mkv", 1, 800, 98, 100)]
    public async Task A_truncated_file_gives_its_good_frames_and_then_one_clear_line(string name, double share, int lostBytes, int fewest, int most)
    {
        string extension = Path.GetExtension(name), whole = $"whole{extension}";
        string[] encoding = ["-c:v", extension == ".avi" ? "mpeg4" : "libx264", "-pix_fmt", "yuv420p", "-g", "10"];
        await Clips.MakeMovingAsync(_folder[whole], "320x240", frames: 100, encoding: extension == ".mp4" ? [.. encoding, "-movflags", "+faststart"] : encoding);
        byte[] bytes = await File.ReadAllBytesAsync(_folder[whole]);
        await File.WriteAllBytesAsync(_folder[name], bytes[..((int)(bytes.Length * share) - lostBytes)]);

        List<double> times = [];
        Fault fault = await Assert.ThrowsAsync<Fault>(() => ReadAsync(name, into: times));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.InRange(times.Count, fewest, most);
        Assert.StartsWith($"{_folder[name]}: the file breaks off after {times.Count} frames (", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_that_declares_no_length_is_known_as_truncated_by_ffmpegs_own_words()
    {
        await Clips.MakeMovingAsync(_folder["live.mkv"], "320x240", frames: 100, encoding: [.. X264, "-g", "10", "-live", "1"]);
        byte[] bytes = await File.ReadAllBytesAsync(_folder["live.mkv"]);
        await File.WriteAllBytesAsync(_folder["cut.mkv"], bytes[..^800]);

        Assert.Equal(100, (await ReadAsync("live.mkv")).Times.Count);
        Assert.Contains("File ended prematurely", (await Assert.ThrowsAsync<Fault>(() => ReadAsync("cut.mkv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_in_the_middle_is_no_end()
    {
        await Clips.MakeMovingAsync(_folder["a.mkv"], frames: 100, encoding: [.. X264, "-g", "10"]);
        byte[] bytes = await File.ReadAllBytesAsync(_folder["a.mkv"]);
        for (int i = 0; i < 60; i++)
            bytes[bytes.Length / 2 + i] ^= 0x5A;
        await File.WriteAllBytesAsync(_folder["a.mkv"], bytes);
        Assert.InRange((await ReadAsync("a.mkv")).Times.Count, 80, 100);
        await using VideoFileSource source = await OpenAndReadAsync("a.mkv");
        Assert.Contains("ffmpeg reports damage", source.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.mp4", SourceDriver.Ffmpeg)]
    [InlineData("a.mkv", SourceDriver.Ffmpeg)]
    [InlineData("a.ts", SourceDriver.Ffmpeg)]
    [InlineData("a.mp4", SourceDriver.OpenCv)]
    public async Task A_part_without_a_frame_is_refused_when_the_source_is_opened_unless_it_may_be_empty(string name, SourceDriver driver)
    {
        await Clips.MakeMovingAsync(_folder[name], rate: 10, frames: 20, encoding: X264);
        SourceOptions beyond = new() { Driver = driver, Start = TimeSpan.FromSeconds(9) };
        Fault fault = await Assert.ThrowsAsync<Fault>(() => FrameSources.OpenAsync(_folder[name], beyond, _pool.Pool, Ffmpeg, default));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.StartsWith($"--start is 9 s, but {_folder[name]}, which is 2", fault.Message, StringComparison.Ordinal);

        await using (IFrameSource empty = await FrameSources.OpenAsync(_folder[name], beyond with { MayBeEmpty = true }, _pool.Pool, Ffmpeg, default))
            Assert.Null(await empty.ReadAsync(default));
        if (driver == SourceDriver.Ffmpeg)
            return;   // it counts the duration from the first frame that it gives: never empty

        SourceOptions between = new() { Driver = driver, Start = TimeSpan.FromSeconds(0.02), Duration = TimeSpan.FromSeconds(0.01) };
        fault = await Assert.ThrowsAsync<Fault>(() => FrameSources.OpenAsync(_folder[name], between, _pool.Pool, Ffmpeg, default));
        Assert.Contains("--start 0.02 s with --duration 0.01 s takes no frame of", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.ts")]
    [InlineData("a.h264")]
    public async Task Where_the_container_cannot_tell_a_cut_end_it_is_a_note(string name)
    {
        await Clips.MakeMovingAsync(_folder[name], "320x240", frames: 100, encoding: [.. X264, "-g", "10"]);
        await using (VideoFileSource whole = await OpenAndReadAsync(name))
            Assert.Null(whole.Note);
        byte[] bytes = await File.ReadAllBytesAsync(_folder[name]);
        await File.WriteAllBytesAsync(_folder[name], bytes[..(bytes.Length * 6 / 10)]);
        await using VideoFileSource cut = await OpenAndReadAsync(name);
        Assert.StartsWith($"{_folder[name]}: ffmpeg reports damage, or an end that is cut off, in ", cut.Note, StringComparison.Ordinal);
        Assert.Matches(@"\. (5|6)[0-9] frames came out", cut.Note);
    }

    [Fact]
    public async Task A_child_that_dies_is_a_fault_of_the_input()
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], size: "640x480", frames: 100, encoding: X264);
        await using VideoFileSource source = await VideoFileSource.OpenAsync(_folder["a.mp4"], new SourceOptions(), _pool.Pool, Ffmpeg, default);
        (await source.ReadAsync(default))!.Dispose();
        System.Diagnostics.Process.GetProcessById(Assert.Single(Clips.Children())).Kill();

        Fault fault = await Assert.ThrowsAsync<Fault>(async () =>
        {
            while (await source.ReadAsync(default) is { } frame)
                frame.Dispose();
        });
        Assert.Contains("broke off after", fault.Message, StringComparison.Ordinal);
        Assert.Null(await source.ReadAsync(default));
    }

    [Fact]
    public async Task Ten_readings_cancelled_at_any_moment_leave_no_child_and_no_frame()
    {
        await Clips.MakeMovingAsync(_folder["a.mp4"], size: "320x240", frames: 60, encoding: X264);
        for (int cycle = 0; cycle < 10; cycle++)
        {
            using CancellationTokenSource stop = new();
            int left = cycle * 5;
            if (left == 0)
                await stop.CancelAsync();
            try
            {
                await using VideoFileSource source = await VideoFileSource.OpenAsync(_folder["a.mp4"], new SourceOptions(), _pool.Pool, Ffmpeg, stop.Token);
                while (await source.ReadAsync(stop.Token) is { } frame)
                {
                    frame.Dispose();
                    if (--left <= 0)
                        stop.CancelAfter(TimeSpan.FromTicks(cycle * 3000));
                }
            }
            catch (OperationCanceledException)
            {
                // As asked.
            }
            Assert.Empty(Clips.Children());
            Assert.Equal(0, _pool.Pool.Outstanding);
        }
    }

    [Fact]
    public async Task Reading_allocates_only_the_frames_own_objects()
    {
        await Clips.MakeMovingAsync(_folder["a.mkv"], frames: 600, encoding: ["-pix_fmt", "yuv420p", "-c:v", "ffv1"]);
        await using VideoFileSource source = await VideoFileSource.OpenAsync(_folder["a.mkv"], new SourceOptions(), _pool.Pool, Ffmpeg, default);
        for (int i = 0; i < 100; i++)
            (await source.ReadAsync(default))!.Dispose();

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < 400; i++)
            (await source.ReadAsync(default))!.Dispose();
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 400;
        Assert.True(each < 300, $"{each} bytes a frame");
    }

    private sealed record Reading(SourceDescription Description, IReadOnlyList<double> Times, byte[] Bytes, long FirstSequence);

    private async Task<VideoFileSource> OpenAndReadAsync(string name)
    {
        VideoFileSource source = await VideoFileSource.OpenAsync(_folder[name], new SourceOptions(), _pool.Pool, Ffmpeg, default);
        while (await source.ReadAsync(default) is { } frame)
            frame.Dispose();
        return source;
    }

    private async Task<Reading> ReadAsync(string name, SourceOptions? options = null, List<double>? into = null)
    {
        await using VideoFileSource source = await VideoFileSource.OpenAsync(_folder[name], options ?? new SourceOptions(), _pool.Pool, Ffmpeg, default);
        List<double> times = into ?? [];
        long first = -1;
        using MemoryStream bytes = new();
        while (await source.ReadAsync(default) is { } frame)
        {
            using (frame)
            {
                Assert.Equal(source.Description.Format, frame.Format);
                Assert.Equal(RationalTime.Video.ToTicks(frame.CaptureTime), frame.Stamp.Pts);
                first = first < 0 ? frame.Stamp.Sequence : first;
                times.Add(Math.Round(frame.CaptureTime.Seconds, 6));
                bytes.Write(frame.Bytes);
            }
        }
        return new Reading(source.Description, times, bytes.ToArray(), first);
    }
}
