namespace EmmaStream.Core.Frames;

/// <summary>Which camera a frame came from.</summary>
public enum StreamRole
{
    /// <summary>The visible camera.</summary>
    Visible,

    /// <summary>The infrared camera.</summary>
    Infrared,
}

/// <summary>
/// Two frames of one moment, or a master frame alone with the reason. The pair owns its frames and disposes them.
/// After the Registrar both have the output size and <see cref="Coverage"/> tells where the infrared is known.
/// </summary>
public sealed class FramePair : IDisposable
{
    /// <summary>The frame that sets time and number: the visible unless that camera is down.</summary>
    public required Frame Master { get; init; }

    /// <summary>The other camera's frame; null when the master goes on alone.</summary>
    public Frame? Partner { get; init; }

    /// <summary>Which camera the master came from.</summary>
    public StreamRole MasterRole { get; init; }

    /// <summary>Partner's capture time minus master's, after offsets; zero without a partner.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Why there is no partner; <see cref="FrameReason.None"/> with one.</summary>
    public FrameReason Reason { get; init; }

    /// <summary>Name of the camera pair.</summary>
    public string Stream { get; init; } = "main";

    /// <summary>gray8 at output size: 255 where the infrared is known, 0 where the visible must stand in; null: known everywhere.</summary>
    public Frame? Coverage { get; init; }

    /// <summary>The infrared frame, if there is one.</summary>
    public Frame? Infrared => MasterRole == StreamRole.Infrared ? Master : Partner;

    /// <summary>The visible frame, if there is one.</summary>
    public Frame? Visible => MasterRole == StreamRole.Visible ? Master : Partner;

    /// <inheritdoc/>
    public void Dispose()
    {
        Master.Dispose();
        Partner?.Dispose();
        Coverage?.Dispose();
    }
}
