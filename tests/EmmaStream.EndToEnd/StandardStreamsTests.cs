using System.Text.Json;
using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Standard output and error that are full, closed or a pipe whose reader has gone.</summary>
public sealed class StandardStreamsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("config", "> /dev/full")]
    [InlineData("config", ">&-")]
    [InlineData("--help", "> /dev/full")]
    [InlineData("--version", "> /dev/full")]
    [InlineData("models list", "> /dev/full")]
    [InlineData("bench --seconds 0 --size 32x32 --fuser max", "> /dev/full")]
    [InlineData("fuse --ir a.png --vi b.png -o o.png", "> /dev/full")]
    [InlineData("fuse --ir a.png --vi b.png -o o.png --json", "> /dev/full")]
    [InlineData("evaluate --ir a.png --vi a.png --fused a.png", "> /dev/full")]
    [InlineData("evaluate --ir a.png --vi a.png --fused a.png --json", "> /dev/full")]
    public async Task A_full_or_closed_output_is_one_line_and_code_5(string arguments, string redirection)
    {
        await Played.MakePictureAsync(_folder["a.png"], "64x64");
        await Played.MakePictureAsync(_folder["b.png"], "64x64");
        CliRun run = await CliRun.InAsync(Shell(redirection), arguments.Split(' '));
        Assert.True(run.Code == 5, $"exit code {run.Code}: {run.Errors}");
        Assert.StartsWith("emmastream: standard output cannot be written (", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config", "| head -1", 0)]
    [InlineData("fuse --help", "| true", 0)]
    [InlineData("fuse --ir none.png --vi none.png -o o.png", "2> /dev/full", 3)]
    [InlineData("fuse --ir none.png --vi none.png -o o.png", "2>&-", 3)]
    public async Task A_reader_that_has_gone_is_no_trouble(string arguments, string redirection, int code)
    {
        CliRun run = await CliRun.InAsync(Shell(redirection), arguments.Split(' '));
        Assert.Equal((code, ""), (run.Code, run.Errors));
    }

    [Fact]
    public async Task A_bench_fits_a_narrow_terminal()
    {
        CliRun run = await CliRun.DoneInAsync(
            _folder.FullPath, "bench", "--seconds", "0", "--size", "32x32,64x48", "--fuser", "emma,laplacian", "--model", UFuserGolden.Weights, "--engine", "cpu,torch,op-by-op", "--threads", "1,2", "--layers");
        string[] lines = run.Output.Split('\n');
        Assert.All(lines.Skip(1), line => Assert.InRange(line.Length, 0, 80));   // the first names the machine
        Assert.Equal(14, lines.Count(l => new[] { "cpu ", "torch ", "op-by-op ", "laplacian " }.Any(name => l.StartsWith(name, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_bench_of_the_pipeline_is_nothing_but_json_when_asked_for_it()
    {
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "bench", "--pipeline", "--size", "160x120", "--frames", "10", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(1, json.RootElement.GetProperty("rows").GetArrayLength());
    }

    public void Dispose() => _folder.Dispose();

    // With a pipe the exit code is the reader's, which is 0 in these tests.
    private CliSettings Shell(string redirection) => new() { Folder = _folder.FullPath, Launcher = ["sh", "-c", $"\"$0\" \"$@\" {redirection}"] };
}
