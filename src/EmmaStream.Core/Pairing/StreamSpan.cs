using EmmaStream.Core.Time;

namespace EmmaStream.Core.Pairing;

/// <summary>The stretch of time that the frames read of one stream cover.</summary>
/// <param name="First">Capture time of the first frame.</param>
/// <param name="Last">The latest capture time.</param>
/// <param name="IsWhole">Whether the stream was read to its end.</param>
public readonly record struct StreamSpan(Timestamp First, Timestamp Last, bool IsWhole)
{
    /// <summary><paramref name="span"/> with one more frame in it.</summary>
    internal static StreamSpan Extended(StreamSpan? span, Timestamp time) => span is { } known
        ? new(known.First, time > known.Last ? time : known.Last, known.IsWhole)
        : new(time, time, IsWhole: false);
}
