using System.Diagnostics;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Inputs that cannot be read: one line, code 3, and an existing OUT stays as it is; code 4 and a partial file once frames were written.</summary>
public sealed class BadInputTests(PatternClips clips) : IClassFixture<PatternClips>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("none.mp4", "no such file")]
    [InlineData("text.mp4", "not a video")]
    [InlineData("empty.mp4", "empty")]
    [InlineData("noise.mkv", "not a video")]
    [InlineData("sound.mp4", "no video stream")]
    [InlineData("cut.mp4", "not a video")]
    public async Task A_video_that_cannot_be_opened_is_named_with_its_cause(string name, string cause)
    {
        File.WriteAllText(_folder["text.mp4"], "Dear diary,\nno video today.\n");
        File.WriteAllBytes(_folder["empty.mp4"], []);
        byte[] noise = new byte[20_000];
        new Random(5).NextBytes(noise);
        File.WriteAllBytes(_folder["noise.mkv"], noise);
        await Played.MakeAsync("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", _folder["sound.mp4"]);
        // Its index lies at the end, which is gone.
        await Played.MakeAsync("-i", clips.Visible, "-c", "copy", "-movflags", "-faststart", _folder["whole.mp4"]);
        File.WriteAllBytes(_folder["cut.mp4"], File.ReadAllBytes(_folder["whole.mp4"])[..5000]);

        await Refusal.ExpectAsync(_folder, 3, [name, cause], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", name, "-o", "o.mp4");
        await Refusal.ExpectAsync(_folder, 3, [name, cause], "o.mp4", "fuse", "--ir", name, "--vi", clips.Visible, "-o", "o.mp4");
    }

    [Fact]
    public async Task A_pipe_is_no_video()
    {
        CliSettings piped = new() { Folder = _folder.FullPath, Launcher = ["bash", "-c", $"exec \"$0\" \"$@\" --vi <(cat '{clips.Visible}' 2>/dev/null)"] };
        await Refusal.ExpectAsync(piped, _folder, 3, ["is a pipe"], "o.mp4", "fuse", "--ir", clips.Infrared, "-o", "o.mp4");
    }

    [Theory]
    [InlineData("p.mp4")]
    [InlineData("p.png")]
    public async Task A_pipe_that_nobody_writes_into_is_not_waited_for(string name)
    {
        await Played.MakePictureAsync(_folder["o.png"], "32x32");
        using (Process make = Process.Start("mkfifo", [_folder[name]]))
            await make.WaitForExitAsync();
        string other = name == "p.mp4" ? clips.Visible : "o.png";
        foreach (string verb in new[] { "fuse", "evaluate" })
        {
            string[] output = verb == "fuse" ? ["-o", "null"] : ["--fused", other];
            CliRun run = await CliRun.InAsync(_folder.FullPath, [verb, "--ir", name, "--vi", other, .. output]);
            Assert.NotEqual(0, run.Code);
            Assert.Contains($"{name}: is a pipe", run.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--registration")]
    [InlineData("--config")]
    [InlineData("--model")]
    public async Task No_setting_is_read_from_a_pipe_with_a_name(string option)
    {
        using (Process make = Process.Start("mkfifo", [_folder["p"]]))
            await make.WaitForExitAsync();
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "null", option, "p");
        Assert.Equal(2, run.Code);
        Assert.Contains("p: is a pipe", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"timeOffsetMs\":1e300", "timeOffsetMs is 1E+300; allowed are")]
    [InlineData("\"timeOffsetMs\":0,\"infraredToVisible\":[[1,0,10000],[0,1,0],[0,0,1]]", "maps no pixel")]
    [InlineData("", "the file is empty")]
    public async Task A_registration_that_cannot_be_meant_is_refused(string part, string cause)
    {
        string map = part.Contains("infraredToVisible", StringComparison.Ordinal) ? "" : ",\"infraredToVisible\":[[1,0,0],[0,1,0],[0,0,1]]";
        string size = "{\"width\":160,\"height\":120}";
        File.WriteAllText(_folder["r.json"], part.Length == 0 ? "" : $"{{\"version\":1,\"infrared\":{size},\"visible\":{size}{map},{part}}}");
        await Refusal.ExpectAsync(_folder, 2, ["r.json", cause], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "o.mp4", "--registration", "r.json");
    }

    [Fact]
    public async Task The_same_video_by_a_link_is_told_and_unlike_clocks_too()
    {
        File.CreateSymbolicLink(_folder["link.mp4"], clips.Visible);
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", "link.mp4", "--vi", clips.Visible, "-o", "null", "--fuser", "average");
        Assert.Contains("same file", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        await Played.MakeAsync("-i", clips.Visible, "-t", "0.4", "-c", "copy", _folder["vi.ts"]);
        run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", "vi.ts", "-o", "null", "--fuser", "average");
        Assert.Contains("The visible begins at 1.4", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        await Refusal.ExpectAsync(_folder, 2, ["standard output"], "o.mp4", "fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", "-");
    }

    [Fact]
    public async Task A_registration_may_come_from_a_pipe()
    {
        string registration = Repository.PathOf("samples", "street-registration.json"), sample = Repository.PathOf("samples", "street");
        CliSettings piped = new() { Folder = _folder.FullPath, Launcher = ["bash", "-c", $"exec \"$0\" \"$@\" --registration <(cat '{registration}')"] };
        CliRun run = await CliRun.InAsync(piped, "fuse", "--ir", $"{sample}-ir.mp4", "--vi", $"{sample}-vi.mp4", "-o", "null", "--fuser", "average", "--duration", "0.2s");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.Code);
    }

    [Theory]
    [InlineData("vi")]
    [InlineData("ir")]
    public async Task A_video_that_breaks_off_keeps_what_was_fused_beside_the_older_result(string which)
    {
        await Played.MakeAsync("-i", which == "vi" ? clips.Visible : clips.Infrared, "-c", "copy", "-movflags", "+faststart", _folder["whole.mp4"]);
        byte[] whole = File.ReadAllBytes(_folder["whole.mp4"]);
        File.WriteAllBytes(_folder["cut.mp4"], whole[..(whole.Length * 2 / 3)]);
        File.Delete(_folder["whole.mp4"]);
        File.WriteAllText(_folder["o.mp4"], Refusal.Before);

        CliRun run = await CliRun.InAsync(
            _folder.FullPath, "fuse", "--ir", which == "ir" ? "cut.mp4" : clips.Infrared, "--vi", which == "vi" ? "cut.mp4" : clips.Visible, "-o", "o.mp4", "--report", "r.json");
        Assert.Equal(4, run.Code);
        string line = Assert.Single(run.ErrorLines);
        Assert.Contains("cut.mp4", line, StringComparison.Ordinal);
        Assert.Contains("breaks off", line, StringComparison.Ordinal);
        Assert.Equal(["cut.mp4", "o.mp4", "o.partial.mp4", "r.json"], _folder.Names);
        Assert.Equal(Refusal.Before, File.ReadAllText(_folder["o.mp4"]));
        Assert.Contains("o.partial.mp4", run.Output, StringComparison.Ordinal);
        Report report = Report.Load(_folder["r.json"]);
        Assert.Equal("failed", report[["outcome"]].GetString());
        Assert.Equal(report.Delivered, (await Played.ToTheEndAsync(_folder["o.partial.mp4"])).Frames);
        Assert.InRange(report.Delivered, 5, 49);
    }

    [Fact]
    public async Task A_quiet_run_that_breaks_off_names_what_it_keeps()
    {
        byte[] whole = File.ReadAllBytes(clips.Visible);
        await Played.MakeAsync("-i", clips.Visible, "-c", "copy", "-movflags", "+faststart", _folder["whole.mp4"]);
        File.WriteAllBytes(_folder["cut.mp4"], File.ReadAllBytes(_folder["whole.mp4"])[..(whole.Length * 2 / 3)]);
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", clips.Infrared, "--vi", "cut.mp4", "-o", "o.mp4", "-q");
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Equal(2, run.ErrorLines.Length);
        Assert.Contains("o.partial.mp4", run.ErrorLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_is_too_small_is_an_error_that_is_told()
    {
        await Played.MakePictureAsync(_folder["small.png"], "8x8");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", "small.png", "--vi", "small.png", "-o", "o.png", "-q");
        Assert.Equal(4, run.Code);
        Assert.Contains("emmastream: 1 frame could not be fused; the first: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("8x8 is too small", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["small.png"], _folder.Names);
    }

    [Fact]
    public async Task A_check_refuses_what_a_run_refuses_and_lists_pictures_without_a_partner()
    {
        Directory.CreateDirectory(_folder["ir"]);
        Directory.CreateDirectory(_folder["vi"]);
        foreach (string name in new[] { "ir/1.png", "ir/2.png", "vi/2.png", "vi/3.png" })
            await Played.MakePictureAsync(_folder[name], "32x32");
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "check", "--ir", "ir", "--vi", "vi");
        Assert.Contains("1 pair of pictures by name; 1 infrared picture without a partner, left out: 1.png; 1 visible picture without a partner, left out: 3.png", run.Output, StringComparison.Ordinal);
        run = await CliRun.InAsync(_folder.FullPath, "check", "--ir", "ir", "--vi", clips.Visible);
        Assert.Equal(2, run.Code);
        Assert.Contains("two of a kind", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("15x64", "1", 4)]
    [InlineData("40x40", "1/4", 4)]
    [InlineData("64x64", "1/4", 0)]
    public async Task A_check_refuses_pictures_that_the_network_cannot_take(string size, string scale, int code)
    {
        await Played.MakePictureAsync(_folder["a.png"], size);
        await File.WriteAllTextAsync(_folder["c.yml"], $"fusion:\n  fuser: emma\n  scale: {scale}\n");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "check", "--config", "c.yml", "--ir", "a.png", "--vi", "a.png");
        Assert.Equal(code, run.Code);
        Assert.Equal(code != 0, run.Output.Contains("is too small", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_and_a_video_are_not_two_of_a_kind()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        await Refusal.ExpectAsync(_folder, 2, ["folder", "video"], "o.mp4", "fuse", "--ir", "pictures", "--vi", clips.Visible, "-o", "o.mp4");
    }

    [Fact]
    public async Task Folders_without_pictures_or_pairs_are_refused_with_their_counts()
    {
        Directory.CreateDirectory(_folder["ir"]);
        Directory.CreateDirectory(_folder["vi"]);
        await Refusal.ExpectAsync(_folder, 3, ["ir: no picture in this folder", ".png"], "o.mp4", "fuse", "--ir", "ir", "--vi", "vi", "-o", "o.mp4");
        await Played.MakePictureAsync(_folder["ir/a.png"], "32x32");
        await Played.MakePictureAsync(_folder["vi/b.png"], "32x32");
        await Refusal.ExpectAsync(_folder, 3, ["1 infrared", "1 visible"], "o.mp4", "fuse", "--ir", "ir", "--vi", "vi", "-o", "o.mp4");
        await Refusal.ExpectAsync(_folder, 3, ["none", "no such"], "o.mp4", "fuse", "--ir", "none", "--vi", "none2", "-o", "o.mp4");
    }

    [Theory]
    [InlineData("text.png")]
    [InlineData("empty.png")]
    [InlineData("cut.png")]
    [InlineData("none.png")]
    public async Task A_picture_that_cannot_be_read_is_named(string name)
    {
        await Played.MakePictureAsync(_folder["good.png"], "64x64");
        byte[] good = File.ReadAllBytes(_folder["good.png"]);
        File.WriteAllText(_folder["text.png"], "no picture");
        File.WriteAllBytes(_folder["empty.png"], []);
        File.WriteAllBytes(_folder["cut.png"], good[..(good.Length / 2)]);
        await Refusal.ExpectAsync(_folder, 3, [name], "o.png", "fuse", "--ir", name, "--vi", "good.png", "-o", "o.png");
        await Refusal.ExpectAsync(_folder, 3, [name], "o.png", "fuse", "--ir", "good.png", "--vi", name, "-o", "o.png");
    }

    [Fact]
    public async Task An_unreadable_folder_or_file_is_named()
    {
        CliSettings nobody = new() { Folder = _folder.FullPath, Launcher = ["setpriv", "--reuid", "65534", "--clear-groups"] };
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "becoming another user needs root");
        File.SetUnixFileMode(_folder.FullPath, (UnixFileMode)0b111_101_101);
        Assert.SkipUnless((await CliRun.InAsync(nobody, "--version")).Code == 0, "the checkout cannot be read by other users");
        Directory.CreateDirectory(_folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(clips.Visible, _folder["closed.mp4"]);
        await Played.MakePictureAsync(_folder["a.png"], "32x32");
        await Played.MakePictureAsync(_folder["b.png"], "32x32");
        File.SetUnixFileMode(_folder["closed.mp4"], UnixFileMode.UserRead);
        await Refusal.ExpectAsync(nobody, _folder, 3, ["closed", "permission"], "o.mp4", "fuse", "--ir", "closed", "--vi", "closed", "-o", "o.mp4");
        await Refusal.ExpectAsync(nobody, _folder, 3, ["closed.mp4", "permission"], "o.mp4", "fuse", "--ir", Repository.PathOf("samples", "street-ir.mp4"), "--vi", "closed.mp4", "-o", "o.mp4");
        await Refusal.ExpectAsync(nobody, _folder, 5, ["new.png", "permission"], "o.mp4", "fuse", "--ir", "a.png", "--vi", "b.png", "-o", "new.png");
    }

    public void Dispose() => _folder.Dispose();
}
