using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using EmmaStream.Core.Faults;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>
/// Owns one child process from start to end. Its standard error is drained from the start; what blocks (a read or write of its pipes) runs
/// on one thread of the child's own through <see cref="OnPipeThreadAsync"/>. It ends within a bound and is always waited for.
/// </summary>
internal sealed class FfmpegProcess : IAsyncDisposable
{
    private const int PipeBytes = 1 << 20;
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly TimeProvider _clock;
    private readonly BlockingThread _pipeThread;
    private readonly StderrTail _stderr;
    private readonly Task _exited;
    private bool _disposed;

    private FfmpegProcess(Process process, ChildPipes pipes, TimeProvider clock)
    {
        _process = process;
        Id = process.Id;
        _clock = clock;
        _stderr = new StderrTail(process.StandardError.BaseStream);
        _pipeThread = new BlockingThread($"ffmpeg {process.Id} pipe");
        _exited = process.WaitForExitAsync();
        if (pipes.HasFlag(ChildPipes.Input))
            Enlarge(Input);
        else
            CloseInput();
        if (pipes.HasFlag(ChildPipes.Output))
            Enlarge(Output);
    }

    /// <summary>The child's process id.</summary>
    public int Id { get; }

    /// <summary>The child's standard input; to be written on the pipe thread.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>The child's standard output; to be read on the pipe thread.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>The last lines that the child wrote to its standard error, without passwords.</summary>
    public IReadOnlyList<string> Stderr => _stderr.Lines;

    /// <summary>Number of lines on its standard error so far.</summary>
    public long StderrLineCount => _stderr.LineCount;

    /// <summary>Starts a child.</summary>
    /// <exception cref="Fault">The program cannot be started.</exception>
    public static async Task<FfmpegProcess> StartAsync(ChildCommand command, TimeProvider clock)
    {
        try
        {
            Process process = await ChildStarter.Shared.StartAsync(command.ToStartInfo()).ConfigureAwait(false);
            return new FfmpegProcess(process, command.Pipes, clock);
        }
        catch (Win32Exception e)
        {
            throw Fault.Environment($"{command.Program} cannot be started: {e.Message}. Install it with: apt-get install ffmpeg util-linux", e);
        }
    }

    /// <summary>Runs a child that prints a bounded text and ends by itself.</summary>
    /// <param name="command">Must read standard output.</param>
    /// <param name="outputLimit">Most bytes of text; more is an error of the child.</param>
    /// <param name="limit">After this time it is killed.</param>
    /// <param name="clock">For the limit.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static async Task<(ChildExit Exit, string Text)> RunAsync(
        ChildCommand command, int outputLimit, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using FfmpegProcess child = await StartAsync(command, clock).ConfigureAwait(false);
        using CancellationTokenSource end = new(limit, clock);
        await using CancellationTokenRegistration late = end.Token.Register(child.Kill);
        await using CancellationTokenRegistration cancelled = cancellationToken.Register(child.Kill);
        byte[] bytes = new byte[outputLimit];
        int length = 0;
        await child.OnPipeThreadAsync(() => { length = child.Output.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false); return true; })
            .ConfigureAwait(false);
        ChildExit exit = await child.EndAsync(KillLimit).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return (exit, Encoding.UTF8.GetString(bytes, 0, length));
    }

    /// <summary>Runs <paramref name="job"/>, which may block in a read or write of a pipe, on the child's own thread.</summary>
    public ValueTask<bool> OnPipeThreadAsync(Func<bool> job) => _pipeThread.RunAsync(job);

    /// <summary>Tells the child that no more input comes. No job may be running.</summary>
    public void CloseInput()
    {
        try
        {
            _process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // The child closed its end first.
        }
    }

    /// <summary>Ends the child at once; a job that waits for its pipes ends too.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    /// <summary>Closes the child's input, waits at most <paramref name="limit"/> for it to end, then kills it. No job may be running.</summary>
    public async Task<ChildExit> EndAsync(TimeSpan limit)
    {
        CloseInput();
        bool killed = !await EndsWithinAsync(_exited, limit).ConfigureAwait(false);
        if (killed)
        {
            Kill();
            await EndsWithinAsync(_exited, KillLimit).ConfigureAwait(false);
        }
        await EndsWithinAsync(_stderr.Ended, KillLimit).ConfigureAwait(false);
        return new ChildExit(_exited.IsCompleted ? _process.ExitCode : -1, killed, Stderr);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        Kill();
        await EndsWithinAsync(_exited, KillLimit).ConfigureAwait(false);
        await EndsWithinAsync(_pipeThread.DisposeAsync().AsTask(), KillLimit).ConfigureAwait(false);
        await EndsWithinAsync(_stderr.Ended, KillLimit).ConfigureAwait(false);
        CloseInput();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    private static void Enlarge(Stream pipe)
    {
        // A refusal leaves the default of 64 KiB: slower for large frames, nothing else.
        if (pipe is System.IO.Pipes.PipeStream { SafePipeHandle: SafeHandle handle })
            _ = Libc.TrySetPipeSize(handle, PipeBytes);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, _clock).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

/// <summary>How a child ended.</summary>
/// <param name="Code">Exit code; 128 + n for signal n; -1 if it could not be ended.</param>
/// <param name="Killed">Whether it had to be killed.</param>
/// <param name="Stderr">Its last lines of standard error.</param>
internal readonly record struct ChildExit(int Code, bool Killed, IReadOnlyList<string> Stderr)
{
    /// <summary>Whether it ended by itself and well.</summary>
    public bool Succeeded => Code == 0 && !Killed;

    /// <summary>Its last line of standard error, or what is known without one.</summary>
    public string Cause => Stderr.Count > 0 ? Stderr[^1] : Killed ? "it did not end in time" : $"exit code {Code} without a word";
}
