namespace EmmaStream.Fusion.Classical;

/// <summary>A fuser whose result at a pixel depends on the two sources at that pixel only. Any size, no state, nothing allocated.</summary>
public abstract class PointwiseFuser : IFuser
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public int SmallestSide => 1;

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (FusionJob job in jobs)
        {
            for (int y = 0; y < job.Fused.Height; y++)
                FuseRow(job.Infrared.Row(y), job.Visible.Row(y), job.Fused.Row(y));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Fuses one row; all three have the same length.</summary>
    protected abstract void FuseRow(ReadOnlySpan<float> infrared, ReadOnlySpan<float> visible, Span<float> fused);
}
