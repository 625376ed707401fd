using EmmaStream.Cli.Options;
using EmmaStream.Core.Pairing;
using EmmaStream.Imaging.Layouts;
using EmmaStream.Media.Sources;

namespace EmmaStream.Cli.Running;

/// <summary>One more output of the same run.</summary>
/// <param name="Layout">What it shows.</param>
/// <param name="Path">Where it goes.</param>
internal sealed record ExtraOutput(Layout Layout, string Path);

/// <summary>Everything that one <c>emmastream fuse</c> was asked to do; the command line and the configuration file are already one.</summary>
internal sealed record FuseRequest
{
    public required string Infrared { get; init; }

    public required string Visible { get; init; }

    public required string Output { get; init; }

    public Layout Layout { get; init; }

    public IReadOnlyList<ExtraOutput> Also { get; init; } = [];

    public required StreamOptions Stream { get; init; }

    public required FusionOptions Fusion { get; init; }

    public required LogOptions Log { get; init; }

    /// <summary>The configuration file that some of this came from.</summary>
    public string? Config { get; init; }

    /// <summary>Replaces the registration's time offset.</summary>
    public TimeSpan? InfraredOffset { get; init; }

    public SourceDriver Driver { get; init; }

    /// <summary>Null: by time, pictures by number.</summary>
    public PairBy? PairBy { get; init; }

    public TimeSpan Start { get; init; }

    public TimeSpan? Duration { get; init; }

    public double? ImagesPerSecond { get; init; }

    public string? Report { get; init; }

    public bool Json { get; init; }

    public bool Quiet { get; init; }
}
