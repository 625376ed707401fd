using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;

namespace EmmaStream.Media.Probing;

/// <summary>What a video file says of its first video stream.</summary>
/// <param name="Path">As the user gave it.</param>
/// <param name="Container">ffmpeg's short name of the container, like "mov,mp4,m4a,3gp,3g2,mj2".</param>
/// <param name="Codec">ffmpeg's name of the codec, like "h264".</param>
/// <param name="Samples">What the decoder delivers.</param>
/// <param name="StoredSize">Pixels as stored, before any rotation.</param>
/// <param name="RotationDegrees">By how much players turn the picture: a multiple of 90 in almost every file.</param>
/// <param name="FrameRate">Declared rate, the mean over the file; not valid where none is known.</param>
/// <param name="Start">Time of the first frame on the file's own line.</param>
/// <param name="ContainerStart">Where the container starts, other streams included: ffmpeg seeks from there.</param>
/// <param name="Duration">Of the video stream, else of the file; null where neither is known.</param>
/// <param name="Range">Tagged range, else what is meant without a tag.</param>
/// <param name="Matrix">Tagged matrix, else BT.601 below 720 lines and BT.709 from there.</param>
/// <param name="FrameCount">Frames that the container counts, else duration x rate; null where neither is known.</param>
public sealed record ProbedVideo(
    string Path, string Container, string Codec, SampleFormat Samples, FrameSize StoredSize, int RotationDegrees, RationalTime FrameRate,
    Timestamp Start, Timestamp ContainerStart, TimeSpan? Duration, ColorRange Range, ColorMatrix Matrix, long? FrameCount)
{
    /// <summary>Whether the file has sound, which nothing here carries over.</summary>
    public bool HasAudio { get; init; }

    /// <summary>Pixels as shown: turned by <see cref="RotationDegrees"/>.</summary>
    public FrameSize ShownSize => RotationDegrees % 180 == 0 ? StoredSize : new FrameSize(StoredSize.Height, StoredSize.Width);

    /// <summary>For people, like "h264 in mov, yuv420p".</summary>
    public string Detail => $"{Codec} in {Container.Split(',')[0]}, {Samples.Name}";
}
