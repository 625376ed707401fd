using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;

namespace EmmaStream.Media.Sinks;

/// <summary>Makes the picture that a sink shows of a fused frame. The caller owns what it returns and keeps owning the fused frame.</summary>
public delegate Frame FrameComposer(FusedFrame frame);

/// <summary>How a sink writes.</summary>
public sealed record SinkOptions
{
    /// <summary>Makes the picture; default: the fused picture itself. Whoever made it ends it after the sink.</summary>
    public FrameComposer Compose { get; init; } = frame => frame.Fused.Share();

    /// <summary>Name of ffmpeg's video encoder; default libx264.</summary>
    public string Encoder { get; init; } = "libx264";

    /// <summary>Constant rate factor, 0 (lossless) to 51; null (default): 20 for libx264 and libx265, nothing said to another encoder.</summary>
    public int? Crf { get; init; }

    /// <summary>The encoder's preset; null (default): veryfast for libx264 and libx265, nothing said to another encoder.</summary>
    public string? Preset { get; init; }

    /// <summary>Declared rate of the frames, for the length of the last one; not valid (default): as long as the one before it.</summary>
    public RationalTime FrameRate { get; init; }

    /// <summary>Name of a picture in a folder, without extension, / for sub-folders; default: the sequence number, six digits.</summary>
    public Func<FusedFrame, string> PictureName { get; init; } = frame => $"{frame.Fused.Stamp.Sequence:D6}";

    /// <summary>Extension of the pictures in a folder, with its dot. Default .png.</summary>
    public string PictureExtension { get; init; } = ".png";

    /// <summary>How long an encoder may take to finish its file; default 5 minutes (moving the index to the front of a large mp4 copies it).</summary>
    public TimeSpan FinishLimit { get; init; } = TimeSpan.FromMinutes(5);
}
