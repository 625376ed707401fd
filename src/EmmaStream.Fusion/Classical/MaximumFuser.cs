namespace EmmaStream.Fusion.Classical;

/// <summary>The brighter of both, pixel by pixel.</summary>
public sealed class MaximumFuser : IFuser
{
    /// <inheritdoc/>
    public string Name => "max";

    /// <inheritdoc/>
    public int SmallestSide => 1;

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (ref readonly FusionJob job in jobs)
        {
            FusionJobs.Check(job, Name, SmallestSide);
            for (int y = 0; y < job.Fused.Height; y++)
                PixelRows.Maximum(job.Infrared.Row(y), job.Visible.Row(y), job.Fused.Row(y));
        }
    }

    /// <summary>Holds nothing.</summary>
    public void Dispose()
    {
    }
}
