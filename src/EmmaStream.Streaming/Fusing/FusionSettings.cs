using EmmaStream.Fusion;
using EmmaStream.Fusion.Levels;

namespace EmmaStream.Streaming.Fusing;

/// <summary>What the colour of the fused picture is.</summary>
public enum ColorMode
{
    /// <summary>The visible's chroma.</summary>
    Keep,

    /// <summary>None: the fused luma alone, full range.</summary>
    Gray,
}

/// <summary>How the fusion stage works.</summary>
public sealed record FusionSettings
{
    /// <summary>Pairs in one call of the fuser: 1 to 64.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Size at which the network runs.</summary>
    public FusionScale Scale { get; init; } = FusionScale.Full;

    /// <summary>Gray range of the fused picture.</summary>
    public LevelsMode Levels { get; init; } = LevelsMode.None;

    /// <summary>Colour of the fused picture.</summary>
    public ColorMode Color { get; init; } = ColorMode.Keep;

    /// <summary>Whether fused frames carry the fuser's own output.</summary>
    public bool KeepRaw { get; init; }
}
