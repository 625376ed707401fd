namespace EmmaStream.Fusion.Classical;

/// <summary>The mean of both: <c>(infrared + visible) / 2</c>.</summary>
public sealed class AverageFuser : IFuser
{
    /// <inheritdoc/>
    public string Name => "average";

    /// <inheritdoc/>
    public int SmallestSide => 1;

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (ref readonly FusionJob job in jobs)
        {
            FusionJobs.Check(job, Name, SmallestSide);
            for (int y = 0; y < job.Fused.Height; y++)
                PixelRows.Average(job.Infrared.Row(y), job.Visible.Row(y), job.Fused.Row(y));
        }
    }

    /// <summary>Holds nothing.</summary>
    public void Dispose()
    {
    }
}
