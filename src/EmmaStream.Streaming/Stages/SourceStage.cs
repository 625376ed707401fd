using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Sources;

namespace EmmaStream.Streaming.Stages;

/// <summary>Reads one source until its end, the stop of the run, or a reader that wants no more.</summary>
/// <param name="name">Name of the stage.</param>
/// <param name="source">The source; the stage disposes it.</param>
/// <param name="output">Receives the frames.</param>
public sealed class SourceStage(string name, IFrameSource source, Link<Frame> output) : Stage(name)
{
    /// <inheritdoc/>
    protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
    {
        while (await source.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame)
        {
            if (!await output.WriteAsync(frame, cancellationToken).ConfigureAwait(false))
                return output.Reason;
        }
        return null;
    }

    /// <inheritdoc/>
    protected override async ValueTask EndLinksAsync(Exception? reason)
    {
        output.Complete(reason);
        await source.DisposeAsync().ConfigureAwait(false);
    }
}
