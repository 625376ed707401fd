using System.Runtime.InteropServices;

namespace EmmaStream.Cli;

/// <summary>Turns Ctrl-C and SIGTERM into one cancellation, and remembers which it was. A second Ctrl-C ends the process at once.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _interrupt, _terminate;

    private Signals(CancellationToken outer)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, terminated: false));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, terminated: true));
    }

    /// <summary>Does a verb's work under these signals.</summary>
    /// <param name="work">The work; returns the exit code.</param>
    /// <param name="outer">Cancels too.</param>
    /// <returns>Its exit code, or that of the signal that cancelled it.</returns>
    public static async Task<int> RunAsync(Func<Signals, Task<int>> work, CancellationToken outer)
    {
        using Signals signals = new(outer);
        try
        {
            return await work(signals).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return signals.Terminated ? ExitCodes.Terminated : ExitCodes.Interrupted;
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether the signal was SIGTERM.</summary>
    public bool Terminated { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context, bool terminated)
    {
        if (_stop.IsCancellationRequested)
            return;   // not handled: the default ends the process
        context.Cancel = true;
        Terminated = terminated;
        _stop.Cancel();
    }
}
