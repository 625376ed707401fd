using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Runs that come out other than meant say so: parts without a frame, recordings that do not overlap, inputs that are damaged in part.</summary>
public sealed class FuseWarningsTests(PatternClips clips) : IClassFixture<PatternClips>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("o.mp4", "ffmpeg")]
    [InlineData("o.npy", "ffmpeg")]
    [InlineData("o.mp4", "opencv")]
    public async Task A_start_beyond_the_end_is_refused_with_the_length(string output, string driver) =>
        await Refusal.ExpectAsync(
            _folder, 2, ["--start is 99 s", "vi.mp4", "2 s long"], output, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", output, "--start", "99", "--driver", driver, "--report", "r.json");

    [Fact]
    public async Task A_start_beyond_the_last_picture_is_refused_too()
    {
        foreach (string picture in new[] { "ir/0.png", "ir/1.png", "vi/0.png", "vi/1.png" })
            await MakePictureAsync(picture);
        await Refusal.ExpectAsync(_folder, 2, ["--start is 1 s", "0.08 s long"], "o.mp4", "fuse", "--ir", "ir", "--vi", "vi", "-o", "o.mp4", "--start", "1");
    }

    [Fact]
    public async Task Recordings_that_never_overlap_are_told_with_the_offset_that_would_help()
    {
        await Played.MakeAsync("-itsoffset", "100", "-i", clips.Infrared, "-copyts", "-c", "copy", _folder["late.mkv"]);
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "late.mkv", "--vi", clips.Visible, "-o", "o.mp4", "--quiet");
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("warn: None of 50 visible frames was fused", line, StringComparison.Ordinal);
        Assert.Contains("--ir-offset (-100000 brings", line, StringComparison.Ordinal);
        Assert.Contains("--pair index", line, StringComparison.Ordinal);

        run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "late.mkv", "--vi", clips.Visible, "-o", "o2.mp4", "--ir-offset", "-100000", "--json");
        Assert.Equal("", run.Errors);
        Assert.Equal(50, Report.Of(run).Master("fused"));
    }

    [Fact]
    public async Task A_pair_with_a_picture_that_cannot_be_read_is_left_out_named_and_counted_and_the_later_ones_are_fused()
    {
        for (int n = 0; n < 6; n++)
        {
            await MakePictureAsync($"ir/{n}.png");
            await MakePictureAsync($"vi/{n}.png");
        }
        File.WriteAllText(_folder["ir/1.png"], "no picture");
        File.WriteAllText(_folder["vi/3.png"], "no picture");
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "ir", "--vi", "vi", "-o", "fused/", "--json");
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("warn: 2 pictures cannot be read and were left out with their partners: ", line, StringComparison.Ordinal);
        Assert.Contains("ir/1.png: ", line, StringComparison.Ordinal);
        Assert.Contains("vi/3.png: ", line, StringComparison.Ordinal);
        Assert.Equal(["0.png", "2.png", "4.png", "5.png"], Directory.EnumerateFiles(_folder["fused"]).Select(Path.GetFileName).Order());
        Report report = Report.Of(run);
        Assert.Equal((5L, 4L, 0L, 1L), (report.Master("in"), report.Master("fused"), report.Master("passed"), report.Master("dropped")));
        Assert.Equal(1, report["master", "reasons", "partnerUnreadable"].GetInt64());
        Assert.Equal(1, report["partner", "reasons", "masterUnreadable"].GetInt64());
        Assert.Equal((1, 1, 2), (report["skipped", "infrared"].GetInt32(), report["skipped", "visible"].GetInt32(), report["skipped", "causes"].GetArrayLength()));
    }

    [Fact]
    public async Task An_infrared_that_breaks_off_stops_the_run_and_passes_nothing_alone()
    {
        await Played.MakeAsync("-i", clips.Infrared, "-c", "copy", "-movflags", "+faststart", _folder["whole.mp4"]);
        byte[] whole = File.ReadAllBytes(_folder["whole.mp4"]);
        File.WriteAllBytes(_folder["cut.mp4"], whole[..(whole.Length / 2)]);
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", "cut.mp4", "--vi", clips.Visible, "-o", "o.mp4", "--json");
        Assert.Equal(4, run.Code);
        Report report = Report.Of(run);
        Assert.Equal(0, report.Master("passed"));
        Assert.InRange(report.Master("fused"), 5, 49);
    }

    [Fact]
    public async Task A_cut_that_the_container_cannot_tell_is_a_warning_with_the_frame_count()
    {
        await Played.MakeAsync("-i", clips.Visible, "-c:v", "libx264", "-crf", "1", "-g", "10", _folder["vi.ts"]);
        byte[] whole = File.ReadAllBytes(_folder["vi.ts"]);
        File.WriteAllBytes(_folder["vi.ts"], whole[..(whole.Length * 6 / 10)]);
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", "vi.ts", "-o", "o.mp4", "--pair", "index", "--json");
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("warn: vi.ts: ffmpeg reports damage, or an end that is cut off", line, StringComparison.Ordinal);
        Assert.Contains($" {Report.Of(run).Master("in")} frames came out", line, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task MakePictureAsync(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        return Played.MakePictureAsync(_folder[name], "32x32");
    }
}
