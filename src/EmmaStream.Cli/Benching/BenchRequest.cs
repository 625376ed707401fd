using EmmaStream.Core.Frames;
using EmmaStream.Fusion;

namespace EmmaStream.Cli.Benching;

/// <summary>How a bench is printed.</summary>
internal enum BenchFormat
{
    /// <summary>A table for a terminal of 80 columns.</summary>
    Text,

    /// <summary>A Markdown table.</summary>
    Markdown,

    /// <summary>JSON.</summary>
    Json,
}

/// <summary>What a bench shall measure; checked.</summary>
internal sealed record BenchRequest
{
    public required IReadOnlyList<BenchFuser> Fusers { get; init; }

    public required IReadOnlyList<FrameSize> Sizes { get; init; }

    public required IReadOnlyList<FusionScale> Scales { get; init; }

    /// <summary>Pairs a call.</summary>
    public required IReadOnlyList<int> Batches { get; init; }

    /// <summary>Time for each size, s.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether to time the parts of the network in our engine.</summary>
    public bool Layers { get; init; }

    /// <summary>EMMA's weights; null: the default ones.</summary>
    public string? Model { get; init; }

    /// <summary>Frames of a pipeline run; null: fusers alone are measured.</summary>
    public int? PipelineFrames { get; init; }

    public required BenchFormat Format { get; init; }

    /// <summary>The rows of a bench of fusers.</summary>
    public IReadOnlyList<BenchCase> Cases => BenchCase.All(Fusers, Sizes, Scales, Batches);
}
