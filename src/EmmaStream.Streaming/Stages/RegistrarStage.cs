using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;

namespace EmmaStream.Streaming.Stages;

/// <summary>Brings both frames of a pair to the output size, the infrared into the visible's geometry.</summary>
/// <param name="input">Pairs as captured.</param>
/// <param name="output">Receives pairs of equal size.</param>
/// <param name="registrar">What to do with a pair; the stage disposes it.</param>
/// <param name="ledger">Told of a pair that cannot be registered, which ends the run.</param>
/// <param name="timer">Time spent.</param>
public sealed class RegistrarStage(Link<FramePair> input, Link<FramePair> output, PairRegistrar registrar, FrameLedger ledger, StageTimer timer)
    : Stage("register")
{
    /// <inheritdoc/>
    protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
    {
        while (await input.ReadAsync(cancellationToken).ConfigureAwait(false) is { } pair)
        {
            long start = timer.Start();
            FramePair registered = Register(pair);
            timer.Stop(start);
            if (!await output.WriteAsync(registered, cancellationToken).ConfigureAwait(false))
                return output.Reason;
        }
        return input.Reason;
    }

    /// <inheritdoc/>
    protected override ValueTask EndLinksAsync(Exception? reason)
    {
        input.Close(reason);
        output.Complete(reason);
        registrar.Dispose();
        return ValueTask.CompletedTask;
    }

    private FramePair Register(FramePair pair)
    {
        FramePair? registered = null;
        try
        {
            return registered = registrar.Register(pair);
        }
        finally
        {
            if (registered is null)
            {
                ledger.Dropped(FrameReason.RunEnded);
                pair.Dispose();
            }
        }
    }
}
