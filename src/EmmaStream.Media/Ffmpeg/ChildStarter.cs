using System.Collections.Concurrent;
using System.Diagnostics;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>
/// Starts every child process from one thread that lives as long as this process. The kernel sends a child's parent-death signal when the
/// <em>thread</em> that started it ends (prctl(2), PR_SET_PDEATHSIG), so a pool thread would take its children with it.
/// </summary>
internal sealed class ChildStarter
{
    private const int Interrupted = 128 + 2, Tries = 3;
    private static readonly TimeSpan SessionLimit = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> _orders = [];

    private ChildStarter()
    {
        Thread thread = new(Loop) { IsBackground = true, Name = "child starter" };
        thread.Start();
    }

    /// <summary>The one starter: which thread starts a child is a fact of the whole process.</summary>
    public static ChildStarter Shared { get; } = new();

    /// <summary>Starts a child.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add((start, started));
        return started.Task;
    }

    private void Loop()
    {
        foreach ((ProcessStartInfo start, TaskCompletionSource<Process> started) in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Start(start));
            }
            catch (Exception e)   // travels to whoever ordered the child
            {
                started.SetException(e);
            }
        }
    }

    // Until setsid has run, the child is of our process group, and a terminal's Ctrl-C ends it: then it is started anew.
    private static Process Start(ProcessStartInfo start)
    {
        for (int tries = 0; ; tries++)
        {
            Process process = Process.Start(start)!;
            int own = Libc.ProcessGroupOf(0);
            SpinWait.SpinUntil(() => process.HasExited || Libc.ProcessGroupOf(process.Id) != own, SessionLimit);
            if (!process.HasExited || process.ExitCode != Interrupted || tries == Tries)
                return process;
            process.Dispose();
        }
    }
}
