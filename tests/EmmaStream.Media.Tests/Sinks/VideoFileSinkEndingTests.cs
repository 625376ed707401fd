using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Sinks;

public sealed class VideoFileSinkEndingTests : IDisposable
{
    private static readonly FfmpegInstallation Ffmpeg = new(TimeProvider.System);

    private readonly TemporaryFolder _folder = new();
    private readonly LeakCheckedPool _pool = new();

    public void Dispose()
    {
        _folder.Dispose();
        _pool.Dispose();
        Assert.Empty(Clips.Children());
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
        Assert.Contains("a video has one size", fault.Message, StringComparison.Ordinal);
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
        bool isCompleted = false;
        Fault fault = await Assert.ThrowsAsync<Fault>(async () =>
        {
            for (int i = 97; i < 103; i++)
                await WriteOneAsync(sink, Noise(i));
            isCompleted = true;
            await sink.CompleteAsync(SinkEnding.Complete);
        });
        if (!isCompleted)   // the encoder was quick to fail
            await sink.CompleteAsync(SinkEnding.Failed);

        Assert.Contains("No space left on device", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("Free some space or write elsewhere", fault.Message, StringComparison.Ordinal);
        Assert.Equal(keeps ? ["others", "out.partial.mkv"] : ["others"], Directory.EnumerateFiles(_folder["disk"]).Select(Path.GetFileName).Order());
        if (keeps && isCompleted)
            Assert.Contains(_folder["disk/out.partial.mkv"], fault.Message, StringComparison.Ordinal);
    }

    private Task<VideoFileSink> CreateAsync(string name, SinkOptions options) => VideoFileSink.CreateAsync(_folder[name], options, Ffmpeg, default);

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

    private Frame Filled(FrameFormat format, double time, params byte[] pattern)
    {
        Timestamp at = Timestamp.FromMilliseconds(time);
        Frame frame = _pool.Pool.Rent(format, new FrameStamp(at, RationalTime.Video.ToTicks(at), 0, "test"));
        for (int i = 0; i < format.ByteSize; i++)
            frame.WritableBytes[i] = pattern[i % pattern.Length];
        return frame;
    }
}
