namespace EmmaStream.Fusion.Reduced;

/// <summary>
/// Any fuser at a half or a quarter of the size: pairs are reduced by area, fused, and a local model F ~ a IR + b VI + c of the small
/// result is applied to the full-size sources, so that their detail stays. Jobs at full size pass through unchanged.
/// </summary>
/// <remarks>
/// A speed setting, not a replacement: most of the picture is close to the full-size result, single pixels at strong edges are not. It is
/// the guided filter (He, Sun, Tang, 2013) with two guides, its coefficients averaged with more weight where the fit is good.
/// </remarks>
/// <param name="inner">Fuses at the size it is given; owned.</param>
public sealed class ReducedSizeFuser(IFuser inner) : IFuser
{
    private readonly ReducedSizeFusion _fusion = new();

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int SmallestSide => inner.SmallestSide;

    /// <inheritdoc/>
    /// <exception cref="Core.Faults.Fault">The scale leaves less than the smallest side that the inner fuser takes, or the inner fuser refuses.</exception>
    public void Fuse(ReadOnlySpan<FusionJob> jobs) => _fusion.Fuse(jobs, inner);

    /// <inheritdoc/>
    public void Dispose()
    {
        _fusion.Dispose();
        inner.Dispose();
    }
}
