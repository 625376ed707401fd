using EmmaStream.Media.Ffmpeg;
using EmmaStream.Testing;

namespace EmmaStream.Media.Tests.Ffmpeg;

public sealed class FfmpegProcessTests
{
    private static readonly ChildLauncher Launcher = new("/usr/bin/setsid", "/usr/bin/setpriv");

    private static Task<FfmpegProcess> ShellAsync(string script, ChildPipes pipes = ChildPipes.None) =>
        FfmpegProcess.StartAsync(new ChildCommand(Launcher, "/bin/sh", ["-c", script], pipes), TimeProvider.System);

    [Fact]
    public async Task Closing_its_input_ends_a_child_that_reads_it()
    {
        await using FfmpegProcess child = await ShellAsync("cat > /dev/null; exit 7", ChildPipes.Input);
        ChildExit exit = await child.EndAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(7, exit.Code);
        Assert.False(exit.Killed);
    }

    [Fact]
    public async Task A_child_that_does_not_end_is_killed_after_the_limit_and_waited_for()
    {
        await using FfmpegProcess child = await ShellAsync("exec sleep 1000");
        Assert.True(Directory.Exists($"/proc/{child.Id}"));
        ChildExit exit = await child.EndAsync(TimeSpan.FromMilliseconds(1));

        Assert.True(exit.Killed);
        Assert.False(exit.Succeeded);
        Assert.DoesNotContain(child.Id, Clips.Children());
    }

    [Fact]
    public async Task Disposing_ends_a_child_whose_output_is_being_read()
    {
        FfmpegProcess child = await ShellAsync("exec sleep 1000", ChildPipes.Output);
        ValueTask<bool> read = child.OnPipeThreadAsync(() => child.Output.ReadByte() >= 0);
        await child.DisposeAsync();

        Assert.False(await read);
        Assert.DoesNotContain(child.Id, Clips.Children());
    }

    [Fact]
    public async Task Much_text_on_stderr_that_nobody_asks_for_does_not_stop_the_child()
    {
        // 2 MB: 32 times what a pipe holds.
        await using FfmpegProcess child = await ShellAsync("i=0; while [ $i -lt 20000 ]; do echo \"line $i of a hundred bytes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" >&2; i=$((i+1)); done");
        ChildExit exit = await child.EndAsync(TimeSpan.FromSeconds(60));

        Assert.True(exit.Succeeded);
        Assert.Equal(20000, child.StderrLineCount);
        Assert.Equal(StderrTail.LineLimit, exit.Stderr.Count);
        Assert.StartsWith("line 19999 of", exit.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_stays_bounded()
    {
        await using FfmpegProcess child = await ShellAsync("head -c 3000000 /dev/zero | tr '\\0' 'x' >&2");
        ChildExit exit = await child.EndAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1000, Assert.Single(exit.Stderr).Length);
    }

    [Theory]
    [InlineData("rtsp://user:s3cret@10.0.0.1/x: 401", "rtsp://***@10.0.0.1/x: 401")]
    [InlineData("rtsp://u:p@ss@host:554/a b@c", "rtsp://***@host:554/a b@c")]
    [InlineData("from http://a:b@c/ to rtsp://d:e@f/", "from http://***@c/ to rtsp://***@f/")]
    [InlineData("file:///home/x@y: no such file", "file:///home/x@y: no such file")]
    public void Passwords_are_masked(string line, string masked) => Assert.Equal(masked, StderrTail.Mask(line));

    [Fact]
    public async Task No_password_reaches_the_tail_of_a_failed_child()
    {
        FfmpegInstallation ffmpeg = new(TimeProvider.System);
        await using FfmpegProcess child = await ffmpeg.StartAsync(["-nostdin", "-i", "http://user:s3cret@127.0.0.1:9/x", "-f", "null", "-"], ChildPipes.None, default);
        ChildExit exit = await child.EndAsync(TimeSpan.FromSeconds(30));

        Assert.False(exit.Succeeded);
        Assert.Contains(exit.Stderr, l => l.Contains("***@127.0.0.1", StringComparison.Ordinal));
        Assert.DoesNotContain(exit.Stderr, l => l.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_leads_a_session_of_its_own_and_dies_with_us()
    {
        ChildCommand dump = new(Launcher, Launcher.Setpriv, ["--dump"], ChildPipes.Output);
        (ChildExit exit, string text) = await FfmpegProcess.RunAsync(dump, 1 << 16, TimeSpan.FromSeconds(30), TimeProvider.System, default);
        Assert.True(exit.Succeeded);
        Assert.Matches("(?i)death signal.*KILL", text);

        await using FfmpegProcess child = await ShellAsync("cat > /dev/null", ChildPipes.Input);
        string stat;
        do
        {
            await Task.Yield();   // until setsid has run
            stat = File.ReadAllText($"/proc/{child.Id}/stat");
        }
        while (!stat.Contains("(sh)", StringComparison.Ordinal) && !stat.Contains("(dash)", StringComparison.Ordinal));
        Assert.Equal($"{child.Id}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]);
    }

    [Fact]
    public async Task A_program_that_prints_is_bounded_in_size_and_time()
    {
        ChildCommand endless = new(Launcher, "/bin/sh", ["-c", "exec yes"], ChildPipes.Output);
        (ChildExit exit, string text) = await FfmpegProcess.RunAsync(endless, 1000, TimeSpan.FromSeconds(30), TimeProvider.System, default);
        Assert.Equal(1000, text.Length);
        Assert.False(exit.Succeeded);

        ChildCommand silent = new(Launcher, "/bin/sh", ["-c", "exec sleep 1000"], ChildPipes.Output);
        (exit, text) = await FfmpegProcess.RunAsync(silent, 1000, TimeSpan.FromMilliseconds(20), TimeProvider.System, default);
        Assert.Equal("", text);
        Assert.False(exit.Succeeded);
    }
}
