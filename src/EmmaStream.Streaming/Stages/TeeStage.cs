using System.Runtime.CompilerServices;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;

namespace EmmaStream.Streaming.Stages;

/// <summary>One way out of the Tee.</summary>
/// <param name="Link">To the sink.</param>
/// <param name="Ledger">The sink's account.</param>
public sealed record TeeBranch(Link<FusedFrame> Link, SinkLedger Ledger);

/// <summary>Gives every fused frame to every branch, at the pace of the slowest. The first branch that closes ends the run.</summary>
/// <param name="input">Fused frames.</param>
/// <param name="branches">At least one.</param>
/// <param name="ledger">Told how each master frame left.</param>
public sealed class TeeStage(Link<FusedFrame> input, IReadOnlyList<TeeBranch> branches, FrameLedger ledger) : Stage("tee")
{
    /// <inheritdoc/>
    protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
    {
        while (await input.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame)
        {
            if (frame.IsFused)
                ledger.Fused();
            else
                ledger.Passed(frame.Reason);
            if (!await GiveAsync(frame, cancellationToken).ConfigureAwait(false))
                return branches.FirstOrDefault(b => b.Link.IsClosed)?.Link.Reason;
        }
        return input.Reason;
    }

    /// <inheritdoc/>
    protected override ValueTask EndLinksAsync(Exception? reason)
    {
        input.Close(reason);
        foreach (TeeBranch branch in branches)
            branch.Link.Complete(reason);
        return ValueTask.CompletedTask;
    }

    // Every branch gets an owner of its own; the last takes this one.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> GiveAsync(FusedFrame frame, CancellationToken cancellationToken)
    {
        FusedFrame? mine = frame;
        try
        {
            for (int i = 0; i < branches.Count; i++)
            {
                FusedFrame share = i < branches.Count - 1 ? frame.Share() : frame;
                if (share == frame)
                    mine = null;
                branches[i].Ledger.In();
                if (!await branches[i].Link.WriteAsync(share, cancellationToken).ConfigureAwait(false))
                    return false;
            }
            return true;
        }
        finally
        {
            mine?.Dispose();
        }
    }
}
