namespace EmmaStream.Fusion;

/// <summary>The size at which the network runs, as a divisor of the picture's size.</summary>
public enum FusionScale
{
    /// <summary>At the picture's own size.</summary>
    Full = 1,

    /// <summary>At half width and height.</summary>
    Half = 2,

    /// <summary>At a quarter of width and height.</summary>
    Quarter = 4,
}
