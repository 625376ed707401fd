using System.Runtime.InteropServices;

namespace EmmaStream.Cli;

/// <summary>
/// Turns Ctrl-C, SIGTERM and a terminal that goes away (SIGHUP) into one cancellation, and remembers which it was. A second one ends the process
/// at once: what grows then stays under its own name, NAME.partial-XXXXXXXX.EXT, as it is.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;

    private Signals(CancellationToken outer)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, ExitCodes.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, ExitCodes.Terminated)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => Stop(c, ExitCodes.HungUp)),
        ];
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
            return signals.Code;
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code that tells the first signal; that of Ctrl-C before one.</summary>
    public int Code { get; private set; } = ExitCodes.Interrupted;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context, int code)
    {
        if (_stop.IsCancellationRequested)
            return;   // not handled: the default ends the process
        context.Cancel = true;
        Code = code;
        _stop.Cancel();
    }
}
