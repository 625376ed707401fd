using System.Globalization;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Time;

namespace EmmaStream.Media.Sources;

/// <summary>What decodes a video file.</summary>
public enum SourceDriver
{
    /// <summary>An ffmpeg child: exact times, every format.</summary>
    Ffmpeg,

    /// <summary>OpenCV's VideoCapture: 8-bit and 16-bit gray, the luma of yuv420p, RGB; times count from the first frame.</summary>
    OpenCv,
}

/// <summary>Which half of a side-by-side video a source delivers.</summary>
public enum PictureHalf
{
    /// <summary>The whole picture.</summary>
    Whole,

    /// <summary>Columns 0 to width / 2.</summary>
    Left,

    /// <summary>Columns from width / 2.</summary>
    Right,
}

/// <summary>How to read a file or folder.</summary>
public sealed record SourceOptions
{
    /// <summary>What decodes a video file; default ffmpeg.</summary>
    public SourceDriver Driver { get; init; }

    /// <summary>Frames before this time are left out; counted from the first frame, 0 or more. Default 0.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>Length of what is read, counted from <see cref="Start"/>, above 0; null (default): to the end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether a part (<see cref="Start"/>, <see cref="Duration"/>) without a frame is an empty source and no fault. Default false.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>For videos that hold both cameras side by side; default the whole picture.</summary>
    public PictureHalf Half { get; init; }

    /// <summary>Whether only the luma of a YUV video is delivered, as gray8 of its own range: an infrared needs no chroma. Default false.</summary>
    public bool LumaOnly { get; init; }

    /// <summary>Frames per second given to images, which have no times of their own. Default 25.</summary>
    public RationalTime ImageRate { get; init; } = new(25, 1);

    /// <summary>Whether less than the whole is asked for.</summary>
    internal bool IsPart => Start > TimeSpan.Zero || Duration is not null;

    /// <summary>The fault of a part that holds no frame.</summary>
    /// <param name="name">The source.</param>
    /// <param name="length">Of the whole; null where it is not known.</param>
    internal Fault EmptyPart(string name, TimeSpan? length)
    {
        string whole = length is { } known ? $", which is {Seconds(known)} long" : "";
        return Duration is { } duration && !(length <= Start)
            ? Fault.Usage($"--start {Seconds(Start)} with --duration {Seconds(duration)} takes no frame of {name}{whole}. Give a longer --duration or another --start")
            : Fault.Usage($"--start is {Seconds(Start)}, but {name}{whole}{(whole.Length > 0 ? "," : "")} holds no frame from there on. Give an earlier --start");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
