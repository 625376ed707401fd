using System.CommandLine;
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
    [InlineData("--preset", "nope", "ultrafast, superfast, veryfast")]
    [InlineData("-o", "x.mp4", "-o")]   // the second one
    public async Task An_option_out_of_range_is_refused_with_what_is_allowed(string option, string value, string allowed)
        => await RefuseAsync([option, allowed], "--ir", Infrared, "--vi", Visible, option, value);

    [Theory]
    [InlineData("--model", "w.pth")]
    [InlineData("--engine", "torch")]
    [InlineData("--device", "cpu")]
    [InlineData("--threads", "2")]
    [InlineData("--scale", "1/2")]
    public async Task What_is_for_EMMA_alone_is_refused_with_another_method(string option, string value)
        => await RefuseAsync([option, "--fuser emma"], "--ir", Infrared, "--vi", Visible, "--fuser", "laplacian", option, value);

    [Fact]
    public async Task All_that_is_wrong_with_the_options_is_told_at_once()
    {
        await RefuseAsync(
            ["--fps is 0", "--crf is 99", "--size is 'big'", "--preset is 'nope'", "--start", "--duration", "--also is 'x'", "--ir-offset", "--threads", "--ir is missing", "--vi is missing"],
            "--fps", "0", "--crf", "99", "--size", "big", "--preset", "nope", "--start", "-1", "--duration", "0", "--also", "x", "--ir-offset", "1e9", "--threads", "0");
        await Refusal.ExpectAsync(
            _folder, 2, ["--size is 'q'", "--fps is 'w'", "--noise is 90", "--crf is 77"], "o.mp4",
            "testpattern", "--ir", "a.mp4", "--vi", "b.mp4", "--size", "q", "--fps", "w", "--noise", "90", "--crf", "77");
        await Refusal.ExpectAsync(_folder, 2, ["--size is 20x20", "--ir-fps is 500"], "o.mp4", "testpattern", "--ir", "a.mp4", "--vi", "b.mp4", "--size", "20x20", "--ir-fps", "500");
        await Refusal.ExpectAsync(
            _folder, 2, ["--size has '1'", "--seconds is -1", "--fuser has 'y'", "--batch has '0'"], "o.mp4", "bench", "--size", "1", "--seconds", "-1", "--fuser", "y", "--batch", "0");
        await Refusal.ExpectAsync(_folder, 2, ["--model", "--fuser emma"], "o.mp4", "bench", "--fuser", "max", "--model", "w.pth");
        await Refusal.ExpectAsync(
            _folder, 2, ["'=x': no name", "'m=': no path"], "o.mp4", "evaluate", "--ir", Infrared, "--vi", Visible, "--fused", "=x", "--fused", "m=");
    }

    [Fact]
    public async Task Numbers_are_asked_for_in_plain_words()
        => await RefuseAsync(["--crf", "whole number", "--fps", "give a number"], "--crf", "best", "--fps", "fast");

    [Fact]
    public async Task A_part_of_a_file_that_is_no_half_is_refused_with_the_two_that_are()
    {
        File.Copy(Visible, _folder["both.mp4"]);
        await RefuseAsync(["both.mp4:top", "both.mp4:left", "both.mp4:right"], "--ir", "both.mp4:top", "--vi", "both.mp4:left");
        await Refusal.ExpectAsync(_folder, 3, [":left", "no such file"], "o.mp4", "fuse", "-o", "o.mp4", "--ir", ":left", "--vi", "both.mp4:right");
        await CliRun.DoneInAsync(_folder.FullPath, "check", "--ir", "both.mp4:left", "--vi", "both.mp4:right");
    }

    [Fact]
    public void Every_text_that_is_given_may_not_be_empty()
    {
        List<string> tried = [];
        TryBelow(Cli.CommandLine.Build(), [], tried);
        Assert.Superset(
            new HashSet<string>(["fuse --ir", "fuse --output", "fuse --report", "fuse --registration", "fuse --model", "fuse --also", "check --ir", "evaluate --report", "evaluate --fused", "testpattern --ir", "models show model", "models export --output", "models average models", "train --config", "config --write"]),
            new HashSet<string>(tried));
    }

    private static void TryBelow(Command command, string[] verb, List<string> tried)
    {
        foreach (Option option in command.Options.Where(o => o.ValueType == typeof(string) || o.ValueType == typeof(string[])))
        {
            foreach (string name in option.Aliases.Prepend(option.Name))
                Assert.Contains(Cli.CommandLine.Build().Parse([.. verb, name, ""]).Errors, e => e.Message.StartsWith($"{option.Name} is empty", StringComparison.Ordinal));
            tried.Add(string.Join(' ', [.. verb, option.Name]));
        }
        foreach (Argument argument in command.Arguments)
        {
            Assert.Contains(Cli.CommandLine.Build().Parse([.. verb, ""]).Errors, e => e.Message.StartsWith($"{argument.Name} is empty", StringComparison.Ordinal));
            tried.Add(string.Join(' ', [.. verb, argument.Name]));
        }
        foreach (Command below in command.Subcommands)
            TryBelow(below, [.. verb, below.Name], tried);
    }

    [Fact]
    public async Task An_empty_path_is_refused_on_the_command_line_and_in_the_configuration()
    {
        await RefuseAsync(["--report is empty"], "--ir", Infrared, "--vi", Visible, "--report", "");
        File.WriteAllText(_folder["c.yml"], "streams: { a: { infrared: { source: '' }, registration: '' } }\nfusion: { model: '' }\nlog: { file: '' }\n");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "fuse", "--config", "c.yml", "-o", "o.mp4");
        Assert.Equal(2, run.Code);
        Assert.Equal(4, run.ErrorLines.Count(l => l.Contains("is empty", StringComparison.Ordinal)));
    }

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
