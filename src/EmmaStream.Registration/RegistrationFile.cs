using EmmaStream.Core.Frames;

namespace EmmaStream.Registration;

/// <summary>
/// How the infrared camera's picture maps into the visible's, as registration.json keeps it (version 1, docs/REGISTRATION.md). Matrices are
/// row-major, at full resolution of both cameras, pixel centres at integers.
/// </summary>
public sealed partial record RegistrationFile
{
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const int Version = 1;

    /// <summary>Where it was read from, for messages.</summary>
    public string Origin { get; init; } = "registration";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedUtc { get; init; }

    /// <summary>How it was found: scene, points, target or manual.</summary>
    public string Method { get; init; } = "manual";

    /// <summary>Size of the infrared camera's pictures.</summary>
    public required FrameSize Infrared { get; init; }

    /// <summary>Size of the visible camera's pictures.</summary>
    public required FrameSize Visible { get; init; }

    /// <summary>Size of the fused picture; null: the visible's.</summary>
    public FrameSize? Output { get; init; }

    /// <summary>Maps infrared pixels to visible pixels.</summary>
    public required Matrix3 InfraredToVisible { get; init; }

    /// <summary>Added to infrared capture times before pairing.</summary>
    public TimeSpan TimeOffset { get; init; }

    /// <summary>Refuses streams of other sizes than the registration was made for.</summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">A size differs; the message names both.</exception>
    public void RequireSizes(FrameSize infrared, FrameSize visible)
    {
        if (infrared != Infrared || visible != Visible)
        {
            throw Core.Faults.Fault.Usage(
                $"{Origin}: made for infrared {Infrared} and visible {Visible}, but the streams are {infrared} and {visible}. Calibrate for these sizes, or leave --registration out");
        }
    }
}
