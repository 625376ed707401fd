using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Media.Sources;

namespace EmmaStream.Metrics.Running;

/// <summary>
/// Reads infrared and visible frames that belong together, by the algorithm and the settings with which fusion pairs them, so that the infrared
/// that a fused frame is measured against is the one that it was made of. One reader at a time; the sources stay their owner's.
/// </summary>
internal sealed class SourcePairs : IDisposable
{
    private readonly IFrameSource _infrared, _visible;
    private readonly PairMatcher _matcher;

    public SourcePairs(IFrameSource infrared, IFrameSource visible, PairingOptions options)
    {
        (_infrared, _visible, Reading) = (infrared, visible, visible);
        _matcher = new PairMatcher(options, new FrameLedger(), visible.Description.Period, infrared.Description.Period);
    }

    /// <summary>The source that was read last: the one that broke, where a read failed.</summary>
    public IFrameSource Reading { get; private set; }

    /// <summary>The next visible frame with its infrared one, or alone with the reason; null at the end. The caller owns the pair.</summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">A source broke.</exception>
    public async Task<FramePair?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (_matcher.Need)
            {
                case PairingNeed.Master when await ReadAsync(_visible, cancellationToken).ConfigureAwait(false) is { } frame:
                    _matcher.AddMaster(frame);
                    break;
                case PairingNeed.Master:
                    _matcher.EndMaster();
                    break;
                case PairingNeed.Partner when await ReadAsync(_infrared, cancellationToken).ConfigureAwait(false) is { } frame:
                    _matcher.AddPartner(frame);
                    break;
                case PairingNeed.Partner:
                    _matcher.EndPartner();
                    break;
                case PairingNeed.Nothing:
                    return _matcher.Take();
                default:
                    return null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _matcher.Dispose();

    private async Task<Frame?> ReadAsync(IFrameSource source, CancellationToken cancellationToken)
    {
        Reading = source;
        return await FrameSetChecks.ReadAsync(source, cancellationToken).ConfigureAwait(false);
    }
}
