using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EmmaStream.EndToEnd.Running;

/// <summary>
/// The built program as a child process. Everything that it starts inherits a mark in its environment, by which what outlives it is found.
/// </summary>
internal sealed partial class RunningCli : IAsyncDisposable
{
    public const int HangUp = 1, Interrupt = 2, Terminate = 15;

    private const string Mark = "EMMASTREAM_TEST_RUN";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _mark;
    private readonly Task<string> _output, _errors;

    private RunningCli(Process process, string mark)
    {
        (_process, _mark) = (process, mark);
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the program.</summary>
    public static RunningCli Start(CliSettings settings, params string[] arguments)
    {
        string mark = Guid.NewGuid().ToString("N");
        string[] command = [.. settings.Launcher, settings.Program, .. arguments];
        ProcessStartInfo start = new(command[0])
        {
            WorkingDirectory = settings.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command[1..])
            start.ArgumentList.Add(argument);
        start.Environment[Mark] = mark;
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string? value) in settings.Environment)
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new RunningCli(process, mark);
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Sends a signal to the program alone.</summary>
    public void Signal(int signal) => _ = SendSignal(_process.Id, signal);

    /// <summary>Sends a signal to its process group, as a terminal's Ctrl-C does; only where setsid launched it.</summary>
    public void SignalGroup(int signal) => _ = SendSignal(-_process.Id, signal);

    /// <summary>Waits for its end.</summary>
    public async Task<CliRun> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        CliRun run = new(_process.ExitCode, await _output.WaitAsync(Limit), await _errors.WaitAsync(Limit));
        Assert.Empty(await SurvivorsAsync());
        return run;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    // A child that was killed with its parent takes a moment to go.
    private async Task<IReadOnlyList<string>> SurvivorsAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        for (int tries = 0; tries < 100; tries++)
        {
            if (Marked() is { Count: 0 } none)
                return none;
            await timer.WaitForNextTickAsync();
        }
        return Marked();
    }

    private List<string> Marked()
    {
        List<string> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(f[6])))
        {
            try
            {
                if (File.ReadAllText($"{folder}/environ").Contains($"{Mark}={_mark}", StringComparison.Ordinal))
                    found.Add(File.ReadAllText($"{folder}/cmdline").Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked, or belongs to someone else.
            }
        }
        return found;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
