using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Options, configuration and registration that do not hold: code 2, before anything is opened or written.</summary>
public sealed class BadSettingsTests : IDisposable
{
    private static readonly string Infrared = Repository.PathOf("samples", "street-ir.mp4"), Visible = Repository.PathOf("samples", "street-vi.mp4");
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("--crf", "99", "0 to 51")]
    [InlineData("--crf", "best", "--crf")]
    [InlineData("--threads", "0", "1 to 256")]
    [InlineData("--batch", "1000", "1 to 64")]
    [InlineData("--fps", "0", "0.01")]
    [InlineData("--start", "-1", "--start")]
    [InlineData("--duration", "0", "--duration")]
    [InlineData("--duration", "soon", "seconds")]
    [InlineData("--size", "5x5", "16")]
    [InlineData("--size", "big", "640x480")]
    [InlineData("--scale", "3", "1/2")]
    [InlineData("--levels", "high", "per-frame")]
    [InlineData("--fuser", "magic", "laplacian")]
    [InlineData("--layout", "stack", "side-by-side")]
    [InlineData("--also", "stack=x.mp4", "side-by-side")]
    [InlineData("--also", "x.mp4", "LAYOUT=FILE")]
    [InlineData("--ir-offset", "1e9", "3600000")]
    [InlineData("--device", "gpu", "cuda:N")]
    [InlineData("--driver", "vlc", "opencv")]
    [InlineData("--color", "red", "gray")]
    [InlineData("--pair", "luck", "index")]
    [InlineData("--speed", "9", "--speed")]
    [InlineData("--stream", "x", "--stream")]
    [InlineData("--log-level", "loud", "warning")]
    public async Task An_option_out_of_range_is_refused_with_what_is_allowed(string option, string value, string allowed)
        => await RefuseAsync([option, allowed], "--ir", Infrared, "--vi", Visible, option, value);

    [Fact]
    public async Task What_is_missing_is_named()
    {
        await RefuseAsync(["--ir"], "--vi", Visible);
        await RefuseAsync(["--vi"], "--ir", Infrared);
        await Refusal.ExpectAsync(_folder, 2, ["-o"], "o.mp4", "fuse", "--ir", Infrared, "--vi", Visible);
        await Refusal.ExpectAsync(_folder, 2, ["fusee", "emmastream --help"], "o.mp4", "fusee", "--ir", Infrared);
        await RefuseAsync(["none.yml"], "--config", "none.yml");
    }

    [Theory]
    [InlineData("fusion:\n  fuzer: max\n", "c.yml:2", "fuzer")]
    [InlineData("fusion:\n  fuser: max\n  threads: 0\n", "c.yml:3", "threads")]
    [InlineData("streams:\n  A: {}\n", "streams.A", "a-z")]
    [InlineData("fusion: [\n", "c.yml:2", "YAML")]
    public async Task A_problem_in_the_configuration_is_told_with_its_place(string yaml, string place, string name)
    {
        File.WriteAllText(_folder["c.yml"], yaml);
        await RefuseAsync([place, name], "--ir", Infrared, "--vi", Visible, "--config", "c.yml");
    }

    [Fact]
    public async Task All_problems_of_a_configuration_are_told_at_once()
    {
        File.WriteAllText(_folder["c.yml"], "fusion:\n  fuzer: max\n  threads: 0\nlog:\n  level: loud\n");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--config", "c.yml", "-o", "o.mp4");
        Assert.Equal(2, run.Code);
        Assert.Equal(3, run.ErrorLines.Length);
        Assert.All(run.ErrorLines, l => Assert.StartsWith("emmastream: ", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("{ \"version\": 1, ", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("{ \"version\": 7 }", "version")]
    public async Task A_corrupt_registration_is_named(string json, string cause)
    {
        File.WriteAllText(_folder["registration.json"], json);
        await RefuseAsync(["registration.json", cause], "--ir", Infrared, "--vi", Visible, "--registration", "registration.json");
    }

    [Fact]
    public async Task A_registration_that_is_absent_or_for_other_sizes_is_refused()
    {
        await RefuseAsync(["none.json"], "--ir", Infrared, "--vi", Visible, "--registration", "none.json");
        await CliRun.DoneInAsync(
            _folder.FullPath, "testpattern", "--ir", "ir.mkv", "--vi", "vi.mkv", "--size", "160x120", "--duration", "1s", "--misaligned", "--registration", "small.json");
        await RefuseAsync(["small.json", "160x120", "640x480"], "--ir", Infrared, "--vi", Visible, "--registration", "small.json");
    }

    [Fact]
    public async Task Pictures_of_another_size_than_the_registrations_are_no_defect_of_ours()
    {
        foreach (string name in new[] { "ir/1", "vi/1", "ir/2", "vi/2" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            await Played.MakePictureAsync(_folder[$"{name}.png"], name == "ir/2" ? "100x80" : "160x120");
        }
        await CliRun.DoneInAsync(
            _folder.FullPath, "testpattern", "--ir", "ir.mkv", "--vi", "vi.mkv", "--size", "160x120", "--duration", "1s", "--misaligned", "--registration", "r.json");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--ir", "ir", "--vi", "vi", "-o", "out/", "--registration", "r.json");
        Assert.Equal(4, run.Code);
        Assert.Contains("100x80", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(["1.png"], Directory.EnumerateFiles(_folder["out.partial"]).Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();

    private Task<CliRun> RefuseAsync(string[] texts, params string[] more) =>
        Refusal.ExpectAsync(_folder, 2, texts, "o.mp4", ["fuse", "-o", "o.mp4", .. more]);
}
