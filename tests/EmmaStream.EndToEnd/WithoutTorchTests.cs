using System.Diagnostics;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>A release without TorchSharp (-p:Torch=false): it builds, is small, and fuses, with EMMA too.</summary>
public sealed class WithoutTorchTests
{
    [Fact]
    [Trait("Duration", "long")]
    public async Task A_release_without_torch_builds_and_fuses()
    {
        using TemporaryFolder folder = new();
        // A copy of the sources: the outputs of this checkout stay as they are.
        foreach (string top in new[] { "src", "eng", "models" })
            Copy(Repository.PathOf(top), folder[$"checkout/{top}"]);
        foreach (string file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig" })
            File.Copy(Repository.PathOf(file), folder[$"checkout/{file}"]);
        await RunAsync("dotnet", "publish", folder["checkout/src/EmmaStream.Cli"], "-c", "Release", "-p:Torch=false", "-o", folder["release"], "--nologo", "-v", "quiet");

        Assert.DoesNotContain(Directory.EnumerateFiles(folder["release"]), f => Path.GetFileName(f).Contains("torch", StringComparison.OrdinalIgnoreCase));
        CliSettings settings = new() { Folder = folder.FullPath, Program = folder["release/emmastream"] };
        string infrared = Repository.PathOf("samples", "street-ir.mp4"), visible = Repository.PathOf("samples", "street-vi.mp4");
        CliRun run = await CliRun.InAsync(settings, "fuse", "--ir", infrared, "--vi", visible, "-o", "a.mp4");
        Assert.True(run.Code == 0, run.Errors);
        Assert.Equal(150, (await Played.ToTheEndAsync(folder["a.mp4"])).Frames);
        run = await CliRun.InAsync(settings, "fuse", "--ir", infrared, "--vi", visible, "-o", "b.mp4", "--duration", "400ms", "--fuser", "emma", "--model", UFuserGolden.Weights);
        Assert.True(run.Code == 0, run.Errors);
        Assert.Equal(10, (await Played.ToTheEndAsync(folder["b.mp4"])).Frames);
        run = await CliRun.InAsync(settings, "fuse", "--ir", infrared, "--vi", visible, "-o", "c.mp4", "--fuser", "emma", "--model", UFuserGolden.Weights, "--engine", "torch");
        Assert.Equal(2, run.Code);
        Assert.Single(run.ErrorLines);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from).Where(f => Path.GetFileName(f) is not ("bin" or "obj")))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}
