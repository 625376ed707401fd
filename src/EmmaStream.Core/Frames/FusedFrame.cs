namespace EmmaStream.Core.Frames;

/// <summary>
/// A fused picture with what it was made of: what sinks receive. It owns its frames. A master frame that went on alone appears here too,
/// with <see cref="Reason"/> set and the master's own picture in <see cref="Fused"/>.
/// </summary>
public sealed class FusedFrame : IDisposable
{
    /// <summary>The picture to deliver. Its stamp is the master's: sequence number, PTS and capture time.</summary>
    public required Frame Fused { get; init; }

    /// <summary>The registered infrared at output size; null where the master went on alone.</summary>
    public Frame? Infrared { get; init; }

    /// <summary>The visible at output size; null while that camera is down.</summary>
    public Frame? Visible { get; init; }

    /// <summary>The fuser's own output before levels, grayf32; null unless a sink asked for it.</summary>
    public Frame? Raw { get; init; }

    /// <summary>Infrared capture time minus visible capture time, after offsets.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Why the master went on alone; <see cref="FrameReason.None"/> when fused.</summary>
    public FrameReason Reason { get; init; }

    /// <summary>Name of the camera pair.</summary>
    public string Stream { get; init; } = "main";

    /// <summary>Whether two sources were fused.</summary>
    public bool IsFused => Reason == FrameReason.None;

    /// <summary>Another owner of every frame in it.</summary>
    public FusedFrame Share() => new()
    {
        Fused = Fused.Share(),
        Infrared = Infrared?.Share(),
        Visible = Visible?.Share(),
        Raw = Raw?.Share(),
        Skew = Skew,
        Reason = Reason,
        Stream = Stream,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Fused.Dispose();
        Infrared?.Dispose();
        Visible?.Dispose();
        Raw?.Dispose();
    }
}
