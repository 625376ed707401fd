using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>What the options of <c>fuse</c> do to a video.</summary>
public sealed class FuseOptionsTests(PatternClips clips) : IClassFixture<PatternClips>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task One_run_writes_every_layout_and_a_folder_of_pictures()
    {
        Report report = await FuseAsync(
            "-o", "fused.mp4", "--also", "side-by-side=beside.mkv", "--also", "picture-in-picture=inset.mov", "--also", "fused=pictures/");
        Assert.Equal((160, 120, 50), Of(await Played.ToTheEndAsync(_folder["fused.mp4"])));
        Assert.Equal((480, 120, 50), Of(await Played.ToTheEndAsync(_folder["beside.mkv"])));
        Assert.Equal((160, 120, 50), Of(await Played.ToTheEndAsync(_folder["inset.mov"])));
        Assert.Equal(Enumerable.Range(0, 50).Select(n => $"{n:D6}.png"), Directory.EnumerateFiles(_folder["pictures"]).Select(Path.GetFileName).Order());
        Assert.Equal(["beside.mkv", "fused.mp4", "inset.mov", "pictures"], _folder.Names);
        Assert.Equal(4, report["sinks"].GetArrayLength());
    }

    [Fact]
    public async Task The_layout_option_is_for_the_output_itself()
    {
        await FuseAsync("-o", "o.mkv", "--layout", "side-by-side");
        Assert.Equal((480, 120, 50), Of(await Played.ToTheEndAsync(_folder["o.mkv"])));
    }

    [Fact]
    public async Task A_part_is_cut_out_by_start_and_duration_and_begins_at_0()
    {
        Report report = await FuseAsync("-o", "o.mp4", "--start", "0.5", "--duration", "800ms");
        Played part = await Played.ToTheEndAsync(_folder["o.mp4"]);
        Assert.Equal(20, part.Frames);
        Assert.Equal(0.8, part.Seconds, 0.041);
        Assert.Equal((20, 20), (report.Master("in"), report.Master("fused")));
        Assert.Equal(0.52, report["startSeconds"].GetDouble(), 0.021);   // the first frame at or after 0.5 s
    }

    [Theory]
    [InlineData("infrared", 160, 120)]
    [InlineData("96x72", 96, 72)]
    [InlineData("97x73", 98, 74)]   // H.264 holds even sizes: the last row and column are repeated
    public async Task The_size_can_be_chosen(string size, int width, int height)
    {
        await FuseAsync("-o", "o.mp4", "--size", size, "--duration", "200ms");
        Assert.Equal((width, height, 5), Of(await Played.ToTheEndAsync(_folder["o.mp4"])));
    }

    [Fact]
    public async Task Gray_is_full_range_without_colour()
    {
        await FuseAsync("-o", "o.mp4", "--color", "gray", "--duration", "200ms");
        Assert.Equal("pc", (await Played.ToTheEndAsync(_folder["o.mp4"])).Range);
    }

    [Fact]
    public async Task Frames_pair_by_number_where_times_mean_nothing()
    {
        await CliRun.DoneInAsync(_folder.FullPath, "testpattern", "--ir", "slow.mp4", "--vi", "v.mp4", "--ir-fps", "10", "--size", "160x120", "--duration", "1s");
        Report report = Report.Of(await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "slow.mp4", "--vi", "v.mp4", "-o", "null", "--pair", "index", "--json"));
        Assert.Equal((25, 10, 15), (report.Master("in"), report.Master("fused"), report.Master("passed")));
        Assert.Equal(15, report["master", "reasons", "partnerEnded"].GetInt64());
    }

    [Fact]
    public async Task An_offset_moves_the_infrared_in_time()
    {
        Report report = await FuseAsync("-o", "null", "--ir-offset", "500");
        // The infrared's first frame now lies at 500 ms; the largest skew is 25 ms.
        Assert.Equal(12, report["master", "reasons", "partnerNotStarted"].GetInt64());
        Assert.Equal(500, report["settings", "irOffsetMs"].GetDouble());
    }

    [Fact]
    public async Task The_halves_of_a_side_by_side_video_are_two_inputs()
    {
        await Played.MakeAsync("-i", clips.Infrared, "-i", clips.Visible, "-filter_complex", "hstack", "-crf", "10", _folder["both.mp4"]);
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "both.mp4:left", "--vi", "both.mp4:right", "-o", "o.mp4");
        Assert.Empty(run.Errors);
        Assert.Equal((160, 120, 50), Of(await Played.ToTheEndAsync(_folder["o.mp4"])));
    }

    [Fact]
    public async Task OpenCV_reads_the_same_frames()
    {
        Report report = await FuseAsync("-o", "o.mp4", "--driver", "opencv");
        Assert.Equal(50, report.Master("fused"));
        Assert.Equal(50, (await Played.ToTheEndAsync(_folder["o.mp4"])).Frames);
    }

    [Theory]
    [InlineData("1", "average")]
    [InlineData("3", "max")]
    [InlineData("8", "laplacian")]
    public async Task Batches_give_the_same_file(string batch, string fuser)
    {
        await FuseAsync("-o", "one.mkv", "--fuser", fuser, "--levels", "smooth", "--duration", "1s");
        await FuseAsync("-o", "many.mkv", "--fuser", fuser, "--levels", "smooth", "--duration", "1s", "--batch", batch);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["one.mkv"]), await File.ReadAllBytesAsync(_folder["many.mkv"]));
    }

    [Fact]
    public async Task A_configuration_file_says_what_the_command_line_does_not()
    {
        File.WriteAllText(_folder["c.yml"], $"""
            streams:
              door:
                infrared: {"{"} source: {clips.Infrared} {"}"}
                visible: {"{"} source: {clips.Visible} {"}"}
                output: {"{"} size: 80x60, crf: 30 {"}"}
            fusion: {"{"} fuser: max {"}"}
            """);
        Report report = Report.Of(await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--config", "c.yml", "-o", "o.mp4", "--json"));
        Assert.Equal("max", report["settings", "fuser"].GetString());
        Assert.Equal((80, 60, 50), Of(await Played.ToTheEndAsync(_folder["o.mp4"])));
        report = Report.Of(await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--config", "c.yml", "-o", "null", "--fuser", "average", "--size", "visible", "--json"));
        Assert.Equal("average", report["settings", "fuser"].GetString());
        Assert.Equal("visible", report["settings", "size"].GetString());
    }

    [Fact]
    public async Task Sound_is_not_carried_and_that_is_said_once()
    {
        await Played.MakeAsync("-i", clips.Visible, "-f", "lavfi", "-i", "sine=d=2", "-c:v", "copy", "-c:a", "aac", "-shortest", _folder["loud.mp4"]);
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", "loud.mp4", "-o", "o.mp4");
        string line = Assert.Single(run.ErrorLines);
        Assert.Contains("sound", line, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Unlike_sizes_and_an_odd_size_are_said_once()
    {
        await CliRun.DoneInAsync(_folder.FullPath, "testpattern", "--ir", "ir.mkv", "--vi", "vi.mkv", "--size", "162x122", "--ir-size", "200x160", "--duration", "1s");
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "ir.mkv", "--vi", "vi.mkv", "-o", "o.mp4", "--size", "101x77");
        Assert.Single(run.ErrorLines, l => l.Contains("200x160", StringComparison.Ordinal) && l.Contains("162x122", StringComparison.Ordinal));
        Assert.Single(run.ErrorLines, l => l.Contains("odd", StringComparison.Ordinal));
        Assert.Equal(2, run.ErrorLines.Length);
    }

    [Fact]
    public async Task The_same_file_twice_is_fused_with_a_warning()
    {
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Visible, "--vi", clips.Visible, "-o", "null");
        Assert.Contains("same file", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_says_nothing()
    {
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "null", "--quiet");
        Assert.Equal("", run.Output + run.Errors);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Report> FuseAsync(params string[] more) =>
        Report.Of(await CliRun.DoneInAsync(_folder.FullPath, ["fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "--preset", "ultrafast", "--json", .. more]));

    private static (int Width, int Height, int Frames) Of(Played video) => (video.Width, video.Height, video.Frames);
}
