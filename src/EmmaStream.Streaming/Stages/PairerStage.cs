using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;

namespace EmmaStream.Streaming.Stages;

/// <summary>
/// Joins two streams by capture time. It waits on one input at a time, the one that the matcher asks for. Where an input failed it stops
/// when the frames that it gave have their pairs: what the other one still has is not passed off as frames without a partner.
/// </summary>
/// <param name="master">Master frames: the visible stream.</param>
/// <param name="partner">Partner frames: the infrared stream.</param>
/// <param name="output">Receives a pair, or a master alone, for each master frame.</param>
/// <param name="matcher">The pairing algorithm; the stage disposes it.</param>
public sealed class PairerStage(Link<Frame> master, Link<Frame> partner, Link<FramePair> output, PairMatcher matcher) : Stage("pair")
{
    /// <inheritdoc/>
    protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (matcher.Need)
            {
                case PairingNeed.Master when await master.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame:
                    matcher.AddMaster(frame);
                    break;
                case PairingNeed.Master when master.Reason is { } failure:
                    return failure;
                case PairingNeed.Master:
                    matcher.EndMaster();
                    break;
                case PairingNeed.Partner when await partner.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame:
                    matcher.AddPartner(frame);
                    break;
                case PairingNeed.Partner when partner.Reason is null:
                    matcher.EndPartner();
                    break;
                case PairingNeed.Partner when !matcher.LastPartnerIsNear:
                    return partner.Reason;
                case PairingNeed.Partner:   // what the partner gave before it failed is still fused
                case PairingNeed.Nothing:
                    if (matcher.Take() is { } pair && !await output.WriteAsync(pair, cancellationToken).ConfigureAwait(false))
                        return output.Reason;
                    break;
                default:
                    return master.Reason ?? partner.Reason;
            }
        }
    }

    /// <inheritdoc/>
    protected override ValueTask EndLinksAsync(Exception? reason)
    {
        matcher.Dispose();
        master.Close(reason);
        partner.Close(reason);
        output.Complete(reason);
        return ValueTask.CompletedTask;
    }
}
