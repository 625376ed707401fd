using EmmaStream.Core.Time;

namespace EmmaStream.Core.Frames;

/// <summary>Where and when a frame was taken.</summary>
/// <param name="CaptureTime">When light met the sensor.</param>
/// <param name="Pts">Presentation time stamp in units of 1/90000 s, as the container had it.</param>
/// <param name="Sequence">Number of the frame in its source, from 0.</param>
/// <param name="Source">Name of the source, for logs and leak reports; never a URL with a password.</param>
public readonly record struct FrameStamp(Timestamp CaptureTime, long Pts, long Sequence, string Source);
