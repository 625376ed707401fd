using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.TestPattern;
using EmmaStream.Testing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Tests.Data;

public sealed class PairVideoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _lines = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Frame_n_of_both_clips_is_one_pair_and_every_third_is_taken()
    {
        await PaintAsync(7, 7);
        PairSets sets = await LoadAsync(Set with { Every = 3 });
        Assert.Equal(["street-000000", "street-000003", "street-000006"], sets.Sets[0].Select(p => p.Name));
        Assert.Equal([0, 3, 6], sets.Sets[0].Select(p => NumberOf(p.Visible, p, CounterCorner.UpperRight)));
        Assert.Equal([0, 3, 6], sets.Sets[0].Select(p => NumberOf(p.Infrared, p, CounterCorner.LowerLeft)));
        Assert.Equal(0, sets.Skipped);
        Assert.Empty(_lines.Warnings);
    }

    [Fact]
    public async Task Luma_of_limited_range_is_expanded()
    {
        await PaintAsync(1, 1);
        TrainingPair pair = (await LoadAsync(Set)).Sets[0][0];
        using FramePool pool = new();
        await using TestPatternSource source = new(StreamRole.Infrared, Pattern(1), pool);
        using Frame painted = (await source.ReadAsync(CancellationToken.None))!;
        Assert.Equal(ColorRange.Full, painted.Format.Range);
        // Losslessly encoded; only the way to 16..235 and back rounds.
        for (int i = 0; i < pair.Infrared.Length; i++)
            Assert.InRange(pair.Infrared[i] - painted.Bytes[i], -1, 1);
    }

    [Fact]
    public async Task The_shorter_clip_ends_the_set_and_is_named()
    {
        await PaintAsync(4, 6);
        PairSets sets = await LoadAsync(Set);
        Assert.Equal(4, sets.Sets[0].Count);
        Assert.Contains("ir.mkv", Assert.Single(_lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_choose_frames_by_their_names()
    {
        await PaintAsync(5, 5);
        File.WriteAllText(_folder["only.txt"], "street-000001\nstreet-000004\n");
        Assert.Equal(["street-000001", "street-000004"], (await LoadAsync(Set with { Only = _folder["only.txt"] })).Sets[0].Select(p => p.Name));
    }

    [Fact]
    public async Task A_clip_that_breaks_off_gives_what_came_before_and_counts_as_skipped()
    {
        await PaintAsync(30, 30);
        string visible = Set.Visible;
        byte[] file = File.ReadAllBytes(visible);
        File.WriteAllBytes(visible, file[..(file.Length * 2 / 3)]);
        PairSets sets = await LoadAsync(Set);
        Assert.InRange(sets.Sets[0].Count, 1, 29);
        Assert.Equal(1, sets.Skipped);
        Assert.Contains("vi.mkv", Assert.Single(_lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clips_of_two_sizes_are_one_line_with_both()
    {
        await PaintAsync(2, 2, infraredSize: new FrameSize(320, 240));
        string message = (await Assert.ThrowsAsync<Fault>(() => LoadAsync(Set))).Message;
        Assert.All(["320x240", "160x120"], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private PairSetOptions Set => new() { Infrared = _folder["street/ir.mkv"], Visible = _folder["street/vi.mkv"] };

    private Task<PairSets> LoadAsync(PairSetOptions set) => PairSets.LoadAsync([set], 1, _lines.Log, CancellationToken.None);

    private static TestPatternOptions Pattern(int frames) => new() { VisibleSize = new(160, 120), InfraredSize = new(160, 120), Frames = frames };

    private async Task PaintAsync(int infraredFrames, int visibleFrames, FrameSize? infraredSize = null)
    {
        bool exists = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "ffmpeg")));
        Assert.SkipUnless(exists, "ffmpeg is absent");
        Directory.CreateDirectory(_folder["street"]);
        TestPatternOptions infrared = Pattern(infraredFrames);
        await PaintAsync(StreamRole.Infrared, infrared with { InfraredSize = infraredSize ?? infrared.InfraredSize }, Set.Infrared);
        await PaintAsync(StreamRole.Visible, Pattern(visibleFrames), Set.Visible);
    }

    private static async Task PaintAsync(StreamRole role, TestPatternOptions options, string path)
    {
        using FramePool pool = new();
        await using TestPatternSource source = new(role, options, pool);
        SinkOptions sinkOptions = new() { Crf = 0, FrameRate = source.Description.FrameRate };
        await using IFrameSink sink = await FrameSinks.CreateAsync(path, sinkOptions, new FfmpegInstallation(TimeProvider.System), CancellationToken.None);
        while (await source.ReadAsync(CancellationToken.None) is { } frame)
        {
            using FusedFrame picture = new() { Fused = frame };
            await sink.WriteAsync(picture, CancellationToken.None);
        }
        await sink.CompleteAsync(SinkEnding.Complete);
    }

    private static int NumberOf(byte[] luma, TrainingPair pair, CounterCorner corner)
    {
        using FramePool pool = new();
        using Frame frame = pool.Rent(new FrameFormat(PixelFormat.Gray8, new FrameSize(pair.Width, pair.Height)), new FrameStamp(default, 0, 0, pair.Name));
        luma.CopyTo(frame.WritableBytes);
        Assert.True(FrameCounter.TryRead(frame, corner, out long number));
        return (int)number;
    }
}
