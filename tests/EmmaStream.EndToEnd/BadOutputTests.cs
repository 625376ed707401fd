using System.Diagnostics;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Outputs that cannot be written: code 5 before the first frame, 4 after it, and never a broken file under the user's name.</summary>
public sealed class BadOutputTests(PatternClips clips) : IClassFixture<PatternClips>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("/proc/out.mp4", 5, "cannot be written")]
    [InlineData("/proc/out.npy", 5, "cannot be written")]
    [InlineData("/proc/out/", 5, "cannot be written")]
    [InlineData("none/out.mp4", 5, "no folder")]
    [InlineData("none/out.png", 5, "no folder")]
    [InlineData("out.avi", 2, ".mp4")]
    [InlineData("full/", 5, "not empty")]
    [InlineData("o.mp4/", 5, "is a file")]
    public async Task An_output_that_cannot_be_begun_is_refused(string output, int code, string cause)
    {
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(_folder["full/mine.txt"], "keep me");
        await Refusal.ExpectAsync(_folder, code, [output.TrimEnd('/'), cause], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", output);
    }

    [Fact]
    public async Task A_second_output_that_cannot_be_begun_takes_the_first_with_it()
        => await Refusal.ExpectAsync(_folder, 5, ["none/x.mp4"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4", "--also", "fused=none/x.mp4");

    [Fact]
    public async Task A_report_that_cannot_be_written_is_refused_before_the_work()
        => await Refusal.ExpectAsync(_folder, 5, ["none/r.json"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4", "--report", "none/r.json");

    [Fact]
    public async Task A_report_touches_no_file_of_the_user_beside_it()
    {
        File.WriteAllText(_folder["r.json.partial"], "mine");
        await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "null", "--report", "r.json");
        Assert.Equal(["r.json", "r.json.partial"], _folder.Names);
        Assert.Equal("mine", File.ReadAllText(_folder["r.json.partial"]));
    }

    [Fact]
    public async Task A_report_that_fails_at_the_end_takes_nothing_else_with_it()
    {
        // Through a link of our own: whoever renames over it hits the link, never the machine's device.
        File.CreateSymbolicLink(_folder["full"], "/dev/full");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4", "--report", "full");
        Assert.Equal(4, run.Code);
        Assert.Contains("full: cannot be written (No space left", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("o.mp4: 50 frames", run.Output, StringComparison.Ordinal);
        run = await CliRun.InAsync(
            _folder.FullPath, "evaluate", "--ir", clips.Infrared, "--vi", clips.Visible, "--fused", "o.mp4", "--no-motion", "--every", "20", "--report", "full", "--csv", "r.csv");
        Assert.Equal(4, run.Code);
        Assert.Contains("full: cannot be written (No space left", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("PSNR", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["r.csv"]));
        Assert.Equal("/dev/full", new FileInfo(_folder["full"]).LinkTarget);
    }

    [Theory]
    [InlineData("none/ir.mp4", "vi.mp4", "r.json")]
    [InlineData("ir.mp4", "none/vi.mp4", "r.json")]
    [InlineData("ir.mp4", "vi.mp4", "none/r.json")]
    public async Task A_test_pattern_is_not_begun_where_one_of_its_files_cannot_be_written(string infrared, string visible, string registration)
        => await Refusal.ExpectAsync(_folder, 5, ["none/", "no folder"], "vi.mp4", "testpattern", "--ir", infrared, "--vi", visible, "--misaligned", "--registration", registration);

    [Fact]
    public async Task An_input_or_a_second_output_is_no_place_to_write()
    {
        File.Copy(clips.Visible, _folder["vi.mp4"]);
        await Refusal.ExpectAsync(_folder, 2, ["vi.mp4", "input"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", "vi.mp4", "-o", "./vi.mp4");
        await Refusal.ExpectAsync(_folder, 2, ["o.mp4", "twice"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", "vi.mp4", "-o", "o.mp4", "--also", "side-by-side=o.mp4");
        await Refusal.ExpectAsync(_folder, 2, ["vi.mp4", "input"], "o.mp4", "fuse", "--ir", "vi.mp4:left", "--vi", "vi.mp4:right", "-o", "vi.mp4");
        await Refusal.ExpectAsync(_folder, 2, ["o.mp4", "twice"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", "vi.mp4", "-o", "o.mp4", "--report", "o.mp4");
    }

    [Fact]
    public async Task A_link_to_an_input_or_to_a_second_output_is_no_place_to_write()
    {
        Directory.CreateDirectory(_folder["sub"]);
        File.Copy(clips.Visible, _folder["sub/real.mp4"]);
        File.CreateSymbolicLink(_folder["link.mp4"], "sub/real.mp4");
        Directory.CreateSymbolicLink(_folder["here"], "sub");
        await Refusal.ExpectAsync(_folder, 2, ["real.mp4", "input", "--ir"], "o.mp4", "fuse", "--ir", "link.mp4", "--vi", clips.Visible, "-o", "sub/real.mp4");
        await Refusal.ExpectAsync(_folder, 2, ["real.mp4", "input", "--report"], "o.mp4", "fuse", "--ir", "link.mp4", "--vi", clips.Visible, "-o", "null", "--report", "here/real.mp4");
        await Refusal.ExpectAsync(_folder, 2, ["n.mp4", "twice"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "sub/n.mp4", "--also", "fused=here/n.mp4");
        await Refusal.ExpectAsync(_folder, 2, ["t.mp4", "twice"], "o.mp4", "testpattern", "--ir", "sub/t.mp4", "--vi", "here/t.mp4");
        await Refusal.ExpectAsync(_folder, 2, ["t.mp4", "twice"], "o.mp4", "testpattern", "--ir", "t.mp4", "--vi", "u.mp4", "--registration", "t.mp4");
        await Refusal.ExpectAsync(
            _folder, 2, ["real.mp4", "input", "--csv"], "o.mp4", "evaluate", "--ir", clips.Infrared, "--vi", clips.Visible, "--fused", "link.mp4", "--csv", "sub/real.mp4");
    }

    [Fact]
    public async Task The_log_and_the_report_do_not_replace_an_input_or_the_configuration()
    {
        File.Copy(clips.Visible, _folder["vi.mp4"]);
        File.WriteAllText(_folder["c.yml"], "log:\n  file: vi.mp4\n");
        await Refusal.ExpectAsync(_folder, 2, ["vi.mp4", "log.file"], "o.mp4", "fuse", "--config", "c.yml", "--ir", clips.Infrared, "--vi", "vi.mp4", "-o", "o.mp4");
        File.WriteAllText(_folder["c.yml"], "fusion:\n  fuser: max\n");
        await Refusal.ExpectAsync(_folder, 2, ["c.yml", "--config"], "o.mp4", "fuse", "--config", "c.yml", "--ir", clips.Infrared, "--vi", "vi.mp4", "-o", "o.mp4", "--report", "c.yml");
    }

    [Fact]
    public async Task An_import_replaces_weights_only_where_the_user_named_them()
    {
        File.Copy(UFuserGolden.Weights, _folder["emma.pth"]);
        await Refusal.ExpectAsync(_folder, 2, ["emma.safetensors", "-o"], "emma.safetensors", "models", "import", "emma.pth");
        await CliRun.DoneInAsync(_folder.FullPath, "models", "import", "emma.pth", "-o", "emma.safetensors");
        File.CreateSymbolicLink(_folder["link.pth"], "emma.pth");
        await Refusal.ExpectAsync(_folder, 2, ["emma.pth", "input"], "o.mp4", "models", "export", "link.pth", "--format", "pth", "-o", "emma.pth");
    }

    [Theory]
    [InlineData("o.mp4")]
    [InlineData("o.npy")]
    [InlineData("missing.mkv")]
    public async Task A_link_stays_and_the_file_that_it_leads_to_is_replaced(string target)
    {
        string link = $"link{Path.GetExtension(target)}";
        if (!target.StartsWith("missing", StringComparison.Ordinal))
            File.WriteAllText(_folder[target], Refusal.Before);
        File.CreateSymbolicLink(_folder[link], target);
        await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", link, "--duration", "200ms");
        Assert.Equal(target, new FileInfo(_folder[link]).LinkTarget);
        Assert.True(new FileInfo(_folder[target]).Length > 1000);
        Assert.Equal(new[] { link, target }.Order(), _folder.Names);
    }

    [Fact]
    public async Task A_read_only_file_and_a_pipe_are_not_replaced()
    {
        File.WriteAllText(_folder["o.mp4"], Refusal.Before);
        File.SetUnixFileMode(_folder["o.mp4"], UnixFileMode.UserRead);
        await Refusal.ExpectAsync(_folder, 5, ["o.mp4", "read-only"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4");
        await Refusal.ExpectAsync(_folder, 5, ["o.mp4", "read-only"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "null", "--report", "o.mp4");
        Assert.Equal(0, await RunAsync("mkfifo", _folder["pipe.mp4"]));
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "pipe.mp4");
        Assert.Equal(5, run.Code);
        Assert.Contains("pipe.mp4: is no file", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(["o.mp4", "pipe.mp4"], _folder.Names);
    }

    [Fact]
    public async Task A_report_into_a_pipe_that_nobody_reads_is_an_error_at_the_end_and_no_endless_wait()
    {
        Assert.Equal(0, await RunAsync("mkfifo", _folder["r.json"]));
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "null", "--duration", "200ms", "--report", "r.json");
        Assert.Equal(4, run.Code);
        Assert.Contains("r.json: nobody reads from this pipe", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_to_the_null_device() =>
        await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "/dev/null", "--duration", "200ms");

    [Theory]
    [InlineData("ffv1", "codec ffv1")]
    [InlineData("mpeg4", "timebase")]
    public async Task An_encoder_that_does_not_suit_the_file_is_named_with_the_cause(string encoder, string cause)
    {
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4", "--encoder", encoder);
        Assert.Equal(4, run.Code);
        string line = Assert.Single(run.ErrorLines);
        Assert.Contains(cause, line, StringComparison.Ordinal);
        Assert.Contains($"'{encoder}'", line, StringComparison.Ordinal);
        Assert.DoesNotContain("0x", line, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task A_video_is_no_single_picture()
    {
        await Refusal.ExpectAsync(_folder, 2, ["o.png", "50 frames", "folder", "--duration 40ms"], "o.png", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.png");
        await Refusal.ExpectAsync(_folder, 2, ["o.png", "one picture"], "o.png", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "null", "--also", "side-by-side=o.png");
        await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.png", "--duration", "40ms");
        Assert.Equal(["o.png"], _folder.Names);
    }

    [Fact]
    public async Task Where_the_number_of_frames_is_not_known_the_second_tells_and_no_picture_is_left()
    {
        await Played.MakeAsync("-i", clips.Visible, "-c:v", "libx264", "-live", "1", "-f", "matroska", _folder["vi.mkv"]);
        File.WriteAllText(_folder["o.png"], Refusal.Before);
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", "vi.mkv", "-o", "o.png");
        Assert.Equal(4, run.Code);
        Assert.Contains("folder", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(Refusal.Before, File.ReadAllText(_folder["o.png"]));
        Assert.Equal(["o.png", "vi.mkv"], _folder.Names);
    }

    [Fact]
    public async Task An_encoder_or_preset_that_is_none_is_refused()
    {
        await Refusal.ExpectAsync(_folder, 2, ["libx999"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4", "--encoder", "libx999");
        await Refusal.ExpectAsync(
            _folder, 2, ["--preset", "warp9", "veryslow"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4", "--preset", "warp9");
    }

    [Theory]
    [InlineData("o.mp4")]
    [InlineData("o.mkv")]
    [InlineData("o.npy")]
    [InlineData("pictures/")]
    public async Task A_full_disk_is_told_and_leaves_the_older_result(string output)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        Directory.CreateDirectory(_folder["disk"]);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", _folder["disk"]) == 0, "a small file system cannot be mounted here");
        try
        {
            bool isFolder = output.EndsWith('/');
            if (!isFolder)
                File.WriteAllText(_folder[$"disk/{output}"], Refusal.Before);
            // Crf 0 keeps every bit of the noise.
            await CliRun.DoneInAsync(_folder.FullPath, "testpattern", "--ir", "ir.mkv", "--vi", "vi.mkv", "--size", "320x240", "--duration", "2s", "--noise", "8");
            CliRun run = await CliRun.InAsync(
                _folder.FullPath, "fuse", "--ir", "ir.mkv", "--vi", "vi.mkv", "-o", $"disk/{output}", "--crf", "0", "--preset", "ultrafast", "--report", "r.json");
            Assert.True(run.Code == 4, $"exit code {run.Code}: {run.Errors}");
            string line = Assert.Single(run.ErrorLines);
            Assert.Contains($"disk/{output.TrimEnd('/')}", line, StringComparison.Ordinal);
            Assert.Contains("space", line, StringComparison.OrdinalIgnoreCase);
            if (!isFolder)
                Assert.Equal(Refusal.Before, File.ReadAllText(_folder[$"disk/{output}"]));
            string[] left = [.. Directory.EnumerateFileSystemEntries(_folder["disk"]).Select(p => Path.GetFileName(p))];
            string partial = isFolder ? "pictures.partial" : $"o.partial{Path.GetExtension(output)}";
            Assert.All(left, name => Assert.True(name == output || name == partial, $"{name} was left behind"));
            Assert.Equal("failed", Report.Load(_folder["r.json"])[["outcome"]].GetString());
            // A video stops while it can still be finished.
            if (Path.GetExtension(output) is ".mp4" or ".mkv")
                Assert.Equal(Report.Load(_folder["r.json"])["sinks"][0].GetProperty("written").GetInt64(), (await Played.ToTheEndAsync(_folder[$"disk/{partial}"])).Frames);
            if (left.Contains(partial) && output.EndsWith(".npy", StringComparison.Ordinal))
                Assert.NotEmpty(NpyFile.Load(_folder[$"disk/{partial}"]).Values);
        }
        finally
        {
            await RunAsync("umount", "-l", _folder["disk"]);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
