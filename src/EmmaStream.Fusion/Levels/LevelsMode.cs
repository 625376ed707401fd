namespace EmmaStream.Fusion.Levels;

/// <summary>What happens to the gray range of the fused picture before it becomes bytes.</summary>
public enum LevelsMode
{
    /// <summary>Nothing: the fuser's [0, 1] is black to white.</summary>
    None,

    /// <summary>Slow percentiles with hysteresis: contrast without flicker, for video.</summary>
    Smooth,

    /// <summary>Each picture's own minimum to maximum, as the authors' test script saves images.</summary>
    PerFrame,
}
