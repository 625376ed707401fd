using EmmaStream.Core.Frames;

namespace EmmaStream.Media.Sinks;

/// <summary>Where fused frames go. It is told each frame in order, then once how the run ended; it never overwrites a finished file with an unfinished one.</summary>
public interface IFrameSink : IAsyncDisposable
{
    /// <summary>For people and reports: the path, or "null".</summary>
    string Name { get; }

    /// <summary>Whether frames must carry the fuser's own output (<see cref="FusedFrame.Raw"/>).</summary>
    bool NeedsRaw { get; }

    /// <summary>What the user should know of the result, like a repeated row; null if nothing. Known after the first frame.</summary>
    string? Note => null;

    /// <summary>Writes one frame; the caller keeps owning it.</summary>
    /// <returns>False when this sink leaves such a frame out on purpose (a frame that was not fused, at a sink for fused pairs only).</returns>
    /// <exception cref="EmmaStream.Core.Faults.Fault">The output cannot be written.</exception>
    ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken);

    /// <summary>Finishes the output. Called once, also after a failed write.</summary>
    /// <returns>Where the result lies; null when nothing usable was written.</returns>
    /// <exception cref="EmmaStream.Core.Faults.Fault">The output cannot be finished.</exception>
    ValueTask<string?> CompleteAsync(SinkEnding ending);
}

/// <summary>How the run ended for a sink.</summary>
public enum SinkEnding
{
    /// <summary>All frames were written: the result takes its final name.</summary>
    Complete,

    /// <summary>The user stopped the run: the result takes its final name only if nothing has that name, else NAME.partial.EXT.</summary>
    Interrupted,

    /// <summary>Something failed: what was written is kept as NAME.partial.EXT.</summary>
    Failed,
}
