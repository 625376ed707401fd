using EmmaStream.EndToEnd.Running;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary>Ctrl-C, SIGTERM and a terminal that goes away: what was read is written, the file plays to its last frame, and nothing stays behind.</summary>
public sealed class StoppingTests(LongClips clips) : IClassFixture<LongClips>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(RunningCli.Interrupt, false, 130, "o.mp4")]
    [InlineData(RunningCli.Interrupt, true, 130, "o.mp4")]   // as a terminal sends it, to every process of the group
    [InlineData(RunningCli.Terminate, false, 143, "o.mkv")]
    [InlineData(RunningCli.HangUp, false, 129, "o.mp4")]
    public async Task A_stopped_run_drains_and_takes_its_name_where_that_is_free(int signal, bool group, int code, string output)
    {
        CliRun run = await StopUnderWayAsync(signal, group, output);
        Assert.Equal(code, run.Code);
        Assert.Equal([output, "r.json"], _folder.Names);
        await HoldToReportAsync(output);
    }

    [Fact]
    public async Task A_stopped_run_leaves_an_older_result_and_names_its_own_partial()
    {
        File.WriteAllText(_folder["o.mp4"], Refusal.Before);
        CliRun run = await StopUnderWayAsync(RunningCli.Interrupt, group: false, "o.mp4");
        Assert.Equal(130, run.Code);
        Assert.Equal(["o.mp4", "o.partial.mp4", "r.json"], _folder.Names);
        Assert.Equal(Refusal.Before, File.ReadAllText(_folder["o.mp4"]));
        Assert.Contains("o.partial.mp4", run.Output, StringComparison.Ordinal);
        await HoldToReportAsync("o.partial.mp4");
    }

    [Theory]
    [InlineData(RunningCli.Interrupt, 130)]
    [InlineData(RunningCli.Terminate, 143)]
    public async Task A_stopped_evaluation_leaves_nothing_and_an_older_report_as_it_was(int signal, int code)
    {
        File.WriteAllText(_folder["r.json"], Refusal.Before);
        CliSettings settings = new() { Folder = _folder.FullPath };
        await using RunningCli cli = RunningCli.Start(
            settings, "evaluate", "--ir", clips.Infrared, "--vi", clips.Visible, "--fused", clips.Visible, "--report", "r.json", "--csv", "s.csv", "--html", "html");
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (!cli.HasEnded && !_folder.Names.Any(n => n.StartsWith("html.partial-", StringComparison.Ordinal) && Directory.EnumerateFiles(_folder[n], "*.jpg", SearchOption.AllDirectories).Any()))
            await timer.WaitForNextTickAsync();
        Assert.False(cli.HasEnded, "the run ended before it could be stopped");
        cli.Signal(signal);
        Assert.Equal(code, (await cli.EndAsync()).Code);
        Assert.Equal(["r.json"], _folder.Names);
        Assert.Equal(Refusal.Before, File.ReadAllText(_folder["r.json"]));
    }

    [Fact]
    public Task Ten_stops_at_any_moment_leave_nothing_behind() => StopAtRandomAsync(10, seed: 7);

    [Fact]
    [Trait("Duration", "long")]
    public Task A_hundred_stops_at_any_moment_leave_nothing_behind() => StopAtRandomAsync(100, seed: 11);

    public void Dispose() => _folder.Dispose();

    // Waits until frames are being written, then stops the run.
    private async Task<CliRun> StopUnderWayAsync(int signal, bool group, string output)
    {
        CliSettings settings = new() { Folder = _folder.FullPath, Launcher = group ? ["setsid"] : [] };
        await using RunningCli cli = RunningCli.Start(settings, Arguments(output));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        string pattern = $"{Path.GetFileNameWithoutExtension(output)}.partial-*";
        while (!cli.HasEnded && !new DirectoryInfo(_folder.FullPath).EnumerateFiles(pattern).Any(f => f.Length > 0))
            await timer.WaitForNextTickAsync();
        Assert.False(cli.HasEnded, "the run ended before it could be stopped");
        if (group)
            cli.SignalGroup(signal);
        else
            cli.Signal(signal);
        return await cli.EndAsync();
    }

    private async Task StopAtRandomAsync(int times, int seed)
    {
        Random random = new(seed);
        int stopped = 0;
        for (int i = 0; i < times; i++)
        {
            int signal = i % 2 == 0 ? RunningCli.Interrupt : RunningCli.Terminate;
            TimeSpan moment = TimeSpan.FromMilliseconds(random.Next(20, 2500));
            bool isFree = i % 3 != 0;
            if (!isFree)
                File.WriteAllText(_folder["o.mp4"], Refusal.Before);
            CliRun run;
            await using (RunningCli cli = RunningCli.Start(new CliSettings { Folder = _folder.FullPath, Launcher = ["setsid"] }, Arguments("o.mp4")))
            {
                using PeriodicTimer timer = new(moment);
                await timer.WaitForNextTickAsync();
                cli.SignalGroup(signal);
                run = await cli.EndAsync();   // finds children that live on
            }
            string what = $"stop {i} (signal {signal} after {moment.TotalMilliseconds} ms, code {run.Code}: {run.Errors})";
            Assert.True(run.Code == 0 || run.Code == 128 + signal, what);
            Assert.True(run.Errors.Length == 0, what);
            stopped += run.Code == 0 ? 0 : 1;
            // A stop that comes when all is written stops nothing.
            bool finished = run.Code == 0 || (File.Exists(_folder["r.json"]) && Report.Load(_folder["r.json"])[["outcome"]].GetString() == "completed");
            await HoldFilesAsync(isFree, finished, what);
        }
        Assert.True(stopped >= times / 2, $"only {stopped} of {times} runs were stopped");
    }

    private async Task HoldFilesAsync(bool isFree, bool finished, string what)
    {
        string result = isFree || finished ? "o.mp4" : "o.partial.mp4";
        Assert.All(_folder.Names, name => Assert.True(name is "o.mp4" or "r.json" || name == result, $"{name} was left behind by {what}"));
        if (!isFree && !finished)
            Assert.Equal(Refusal.Before, File.ReadAllText(_folder["o.mp4"]));
        if (File.Exists(_folder["r.json"]))
        {
            // A run that was stopped before its first frame has a report and no file.
            if (Report.Load(_folder["r.json"]).Delivered > 0)
                await HoldToReportAsync(result);
        }
        else
        {
            Assert.False(isFree && File.Exists(_folder["o.mp4"]), $"a file without a report was left by {what}");
        }
        foreach (string name in _folder.Names)
            File.Delete(_folder[name]);
    }

    private async Task HoldToReportAsync(string file)
    {
        Report report = Report.Load(_folder["r.json"]);
        Assert.Equal(0, report.Master("dropped") + report.Master("failed"));
        Assert.Equal(report.Delivered, (await Played.ToTheEndAsync(_folder[file])).Frames);
    }

    private string[] Arguments(string output) =>
        ["fuse", "--ir", clips.Infrared, "--vi", clips.Visible, "-o", output, "--fuser", "laplacian", "--preset", "veryfast", "--report", "r.json"];
}
