namespace EmmaStream.Metrics.Planes;

/// <summary>A fused picture with its two sources, all of one size. Swapping the sources changes no metric.</summary>
public readonly record struct PlaneTrio
{
    /// <summary>A fused picture with its sources.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public PlaneTrio(GrayPlane fused, GrayPlane infrared, GrayPlane visible)
    {
        ArgumentNullException.ThrowIfNull(fused);
        ArgumentNullException.ThrowIfNull(infrared);
        ArgumentNullException.ThrowIfNull(visible);
        if ((fused.Width, fused.Height) != (infrared.Width, infrared.Height) || (fused.Width, fused.Height) != (visible.Width, visible.Height))
            throw new ArgumentException($"sizes differ: fused {fused}, infrared {infrared}, visible {visible}", nameof(fused));
        Fused = fused;
        Infrared = infrared;
        Visible = visible;
    }

    /// <summary>The fused picture (F).</summary>
    public GrayPlane Fused { get; }

    /// <summary>The infrared source (A).</summary>
    public GrayPlane Infrared { get; }

    /// <summary>The visible source (B).</summary>
    public GrayPlane Visible { get; }

    /// <summary>Columns.</summary>
    public int Width => Fused.Width;

    /// <summary>Rows.</summary>
    public int Height => Fused.Height;
}
