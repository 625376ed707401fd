using System.Runtime.InteropServices;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>A machine on which something is missing: one line that says what to install or to leave out, code 2.</summary>
public sealed partial class BadMachineTests : IDisposable
{
    private static readonly string Infrared = Repository.PathOf("samples", "street-ir.mp4"), Visible = Repository.PathOf("samples", "street-vi.mp4");
    private readonly TemporaryFolder _folder = new();
    private readonly string _copy = Path.Combine(AppContext.BaseDirectory, "..", $"copy-{Guid.NewGuid():N}");

    [Fact]
    public async Task Without_ffmpeg_the_line_says_how_to_install_it()
    {
        CliSettings bare = WithPath();
        await Refusal.ExpectAsync(bare, _folder, 2, ["ffmpeg is not installed", "apt-get install ffmpeg"], "o.mp4", "fuse", "--ir", Infrared, "--vi", Visible, "-o", "o.mp4");
    }

    [Fact]
    public async Task Pictures_need_no_ffmpeg()
    {
        await Played.MakePictureAsync(_folder["a.png"], "32x32");
        CliSettings bare = WithPath();
        CliRun run = await CliRun.InAsync(bare, "fuse", "--ir", "a.png", "--vi", "a.png", "-o", "o.png");
        Assert.True(run.Code == 0, run.Errors);
    }

    [Theory]
    [InlineData("ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright", "too old")]
    [InlineData("ffmpeg version 5.0 Copyright", "5.1")]
    [InlineData("hello", "version")]
    public async Task A_strange_or_old_ffmpeg_is_refused(string says, string text)
    {
        CliSettings old = WithPath(("ffmpeg", $"#!/bin/sh\necho '{says}'\n"), ("ffprobe", "#!/bin/sh\nexit 1\n"));
        await Refusal.ExpectAsync(old, _folder, 2, ["ffmpeg", text, "apt-get install ffmpeg"], "o.mp4", "fuse", "--ir", Infrared, "--vi", Visible, "-o", "o.mp4");
    }

    [Fact]
    public async Task A_cuda_device_that_is_absent_is_refused()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has a CUDA device");
        await Refusal.ExpectAsync(
            _folder, 2, ["cuda"], "o.mp4", "fuse", "--ir", Infrared, "--vi", Visible, "-o", "o.mp4",
            "--fuser", "emma", "--model", UFuserGolden.Weights, "--engine", "torch", "--device", "cuda");
        await Refusal.ExpectAsync(
            _folder, 2, ["cuda:1", "cpu engine"], "o.mp4", "fuse", "--ir", Infrared, "--vi", Visible, "-o", "o.mp4",
            "--fuser", "emma", "--model", UFuserGolden.Weights, "--engine", "cpu", "--device", "cuda:1");
    }

    [Theory]
    [InlineData("libLibTorchSharp.so")]
    [InlineData("libtorch.so")]
    public async Task A_libtorch_that_cannot_load_is_told_in_one_line(string broken)
    {
        await Played.MakePictureAsync(_folder["a.png"], "32x32");
        await Played.MakePictureAsync(_folder["b.png"], "32x32");
        string program = await CopyOfTheProgramAsync(without: broken);
        CliSettings settings = new() { Folder = _folder.FullPath, Program = program };
        await Refusal.ExpectAsync(
            settings, _folder, 2, ["torch"], "o.png", "fuse", "--ir", "a.png", "--vi", "b.png", "-o", "o.png",
            "--fuser", "emma", "--model", UFuserGolden.Weights, "--engine", "torch", "--device", "cpu");
    }

    [Fact]
    public async Task Check_names_what_is_missing_and_returns_the_code_of_a_fuse()
    {
        CliRun run = await CliRun.InAsync(WithPath(), "check");
        Assert.Equal(2, run.Code);
        Assert.Contains("FAIL ffmpeg", run.Output, StringComparison.Ordinal);
        Assert.Contains("apt-get install ffmpeg", run.Output, StringComparison.Ordinal);
        run = await CliRun.DoneInAsync(_folder.FullPath, "check", "--ir", Infrared, "--vi", Visible);
        Assert.DoesNotContain("FAIL", run.Output, StringComparison.Ordinal);
        Assert.Contains("640x480", run.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        if (Directory.Exists(_copy))
            Directory.Delete(_copy, recursive: true);
    }

    // A search path of one folder: what starts children, and the programs given.
    private CliSettings WithPath(params (string Name, string Script)[] programs)
    {
        Directory.CreateDirectory(_folder["bin"]);
        foreach (string name in new[] { "setsid", "setpriv", "sh" })
            File.CreateSymbolicLink(_folder[$"bin/{name}"], $"/usr/bin/{name}");
        foreach ((string name, string script) in programs)
        {
            File.WriteAllText(_folder[$"bin/{name}"], script);
            File.SetUnixFileMode(_folder[$"bin/{name}"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        return new CliSettings
        {
            Folder = _folder.FullPath,
            Environment = new Dictionary<string, string?> { ["PATH"] = _folder["bin"], ["DOTNET_ROOT"] = DotnetRoot() },
        };
    }

    private static string DotnetRoot() => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    // The program again beside itself, as hard links, with one file that is no library.
    private async Task<string> CopyOfTheProgramAsync(string without)
    {
        Directory.CreateDirectory(_copy);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f => Path.GetFileName(f) != without))
            Assert.Equal(0, CreateHardLink(file, Path.Combine(_copy, Path.GetFileName(file))));
        await File.WriteAllTextAsync(Path.Combine(_copy, without), "no library");
        return Path.Combine(_copy, "emmastream");
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateHardLink(string from, string to);
}
