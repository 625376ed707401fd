using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Sinks;

namespace EmmaStream.Streaming.Stages;

/// <summary>Writes every frame to one sink and finishes the sink as the run ended.</summary>
/// <param name="input">Fused frames.</param>
/// <param name="sink">The sink; the stage disposes it.</param>
/// <param name="ledger">The sink's account.</param>
/// <param name="timer">Time spent in the sink.</param>
/// <param name="interrupted">Cancelled when the user stopped the run.</param>
public sealed class SinkStage(Link<FusedFrame> input, IFrameSink sink, SinkLedger ledger, StageTimer timer, CancellationToken interrupted)
    : Stage($"write {sink.Name}")
{
    /// <summary>What the user should know of the result; null if nothing.</summary>
    public string? Note => sink.Note;

    /// <summary>How the run ended for this sink; failed while running.</summary>
    public SinkEnding Ending { get; private set; } = SinkEnding.Failed;

    /// <summary>Where the result lies; null while running and when nothing usable was written.</summary>
    public string? OutputPath { get; private set; }

    /// <inheritdoc/>
    protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
    {
        Exception? reason = null;
        try
        {
            reason = await WriteAllAsync(cancellationToken).ConfigureAwait(false);
            if (reason is null)
                Ending = interrupted.IsCancellationRequested ? SinkEnding.Interrupted : SinkEnding.Complete;
            return reason;
        }
        catch (OperationCanceledException)
        {
            Ending = SinkEnding.Interrupted;
            throw;
        }
        catch (Exception e)
        {
            reason = e;
            throw;
        }
        finally
        {
            // Before the finishing, which takes its time: a tee that found the link closed without a reason would end the other sinks as complete.
            input.Close(reason);
            OutputPath = await sink.CompleteAsync(Ending).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask EndLinksAsync(Exception? reason)
    {
        input.Close(reason);
        await sink.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<Exception?> WriteAllAsync(CancellationToken cancellationToken)
    {
        while (await input.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame)
        {
            using (frame)
            {
                long start = timer.Start();
                bool accounted = false;
                try
                {
                    await sink.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
                    ledger.Written();
                    accounted = true;
                }
                finally
                {
                    timer.Stop(start);
                    if (!accounted)
                        ledger.Failed();
                }
            }
        }
        return input.Reason;
    }
}
