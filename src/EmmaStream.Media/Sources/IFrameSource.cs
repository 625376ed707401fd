using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;

namespace EmmaStream.Media.Sources;

/// <summary>One camera's frames in capture order, from wherever they come. One reader at a time.</summary>
public interface IFrameSource : IAsyncDisposable
{
    /// <summary>What the source delivers; known once it is open.</summary>
    SourceDescription Description { get; }

    /// <summary>What the user should know of what was read, like damage that the decoder reported; null if nothing. Known after the last frame.</summary>
    string? Note => null;

    /// <summary>Pictures that could not be read and were left out; null for a source that leaves none out.</summary>
    SkippedPictures? Skipped => null;

    /// <summary>The next frame, which the caller owns, or null after the last.</summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">The source broke in the middle: truncated file, dead child.</exception>
    ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What a source delivers.</summary>
/// <param name="Name">For people: a path or a masked URL.</param>
/// <param name="Format">Format of every frame.</param>
/// <param name="FrameRate">Declared rate; not valid for images and where none is declared.</param>
/// <param name="FrameCount">Number of frames if known or estimated, for progress; null if not.</param>
/// <param name="Detail">Codec and container for people, like "mpeg4 in mp4, yuv420p".</param>
public sealed record SourceDescription(string Name, FrameFormat Format, RationalTime FrameRate, long? FrameCount, string Detail)
{
    /// <summary>Whether the source has sound, which is not carried over.</summary>
    public bool HasAudio { get; init; }

    /// <summary>Time from frame to frame; zero where no rate is declared.</summary>
    public TimeSpan Period => FrameRate.IsValid ? FrameRate.Period : TimeSpan.Zero;
}
