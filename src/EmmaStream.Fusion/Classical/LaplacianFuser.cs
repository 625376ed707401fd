namespace EmmaStream.Fusion.Classical;

/// <summary>
/// Fusion by Laplacian pyramids of three detail levels and a base: of each detail the one of larger magnitude, the infrared's at ties; the
/// base is the mean; the result is clipped to [0, 1]. The field's plain baseline, defined with OpenCV's pyrDown and pyrUp in float32.
/// </summary>
public sealed class LaplacianFuser : IFuser
{
    private const int Levels = 3;

    // Coarser levels 1..3 of each source, and of the result from the base upwards.
    private readonly LumaBuffer[] _infrared = Buffers(), _visible = Buffers(), _fused = Buffers();

    // Rows of the finest width: vertical sums, and the two bases brought up to a detail level.
    private readonly LumaBuffer _rows = new();

    /// <inheritdoc/>
    public string Name => "laplacian";

    /// <inheritdoc/>
    public int SmallestSide => 1;

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (ref readonly FusionJob job in jobs)
        {
            FusionJobs.Check(job, Name, SmallestSide);
            Fuse(job);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LumaBuffer buffer in _infrared)
            buffer.Dispose();
        foreach (LumaBuffer buffer in _visible)
            buffer.Dispose();
        foreach (LumaBuffer buffer in _fused)
            buffer.Dispose();
        _rows.Dispose();
    }

    private void Fuse(in FusionJob job)
    {
        LumaPlane rows = _rows.Plane(job.Fused.Width + 2 * PyramidRows.Margin, 3);
        for (int level = 1; level <= Levels; level++)
        {
            Halve(At(_infrared, job.Infrared, level - 1), At(_infrared, job.Infrared, level), rows);
            Halve(At(_visible, job.Visible, level - 1), At(_visible, job.Visible, level), rows);
        }
        LumaPlane fused = At(_fused, job.Fused, Levels);
        for (int y = 0; y < fused.Height; y++)
            PixelRows.Average(At(_infrared, job.Infrared, Levels).Row(y), At(_visible, job.Visible, Levels).Row(y), fused.Row(y));
        for (int level = Levels - 1; level >= 0; level--)
            AddDetail(job, level, rows);
        for (int y = 0; y < job.Fused.Height; y++)
            PixelRows.Clip(job.Fused.Row(y));
    }

    /// <summary>fused[level] = up(fused[level + 1]) + the stronger of the sources' details, row by row.</summary>
    private void AddDetail(in FusionJob job, int level, LumaPlane rows)
    {
        LumaPlane infrared = At(_infrared, job.Infrared, level), visible = At(_visible, job.Visible, level), fused = At(_fused, job.Fused, level);
        LumaPlane infraredBelow = At(_infrared, job.Infrared, level + 1), visibleBelow = At(_visible, job.Visible, level + 1);
        LumaPlane fusedBelow = At(_fused, job.Fused, level + 1);
        Span<float> sums = rows.Row(0), infraredBase = rows.Row(1)[..fused.Width], visibleBase = rows.Row(2)[..fused.Width];
        for (int y = 0; y < fused.Height; y++)
        {
            DoubleRow(infraredBelow, y, sums, infraredBase);
            DoubleRow(visibleBelow, y, sums, visibleBase);
            DoubleRow(fusedBelow, y, sums, fused.Row(y));
            PixelRows.AddStrongerDetail(infrared.Row(y), infraredBase, visible.Row(y), visibleBase, fused.Row(y));
        }
    }

    /// <summary>OpenCV's pyrDown.</summary>
    internal static void Halve(LumaPlane fine, LumaPlane coarse, LumaPlane rows)
    {
        Span<float> padded = rows.Row(0)[..(fine.Width + 2 * PyramidRows.Margin)];
        for (int y = 0; y < coarse.Height; y++)
        {
            Span<float> Row(int offset) => fine.Row(PyramidRows.Reflect101(2 * y + offset, fine.Height));
            PyramidRows.SumFive(Row(-2), Row(-1), Row(0), Row(1), Row(2), padded.Slice(PyramidRows.Margin, fine.Width));
            PyramidRows.Halve(padded, coarse.Row(y));
        }
    }

    /// <summary>Row <paramref name="y"/> of OpenCV's pyrUp to the width of <paramref name="fine"/>.</summary>
    internal static void DoubleRow(LumaPlane coarse, int y, Span<float> sums, Span<float> fine)
    {
        sums = sums[..coarse.Width];
        Span<float> here = coarse.Row(y / 2), next = coarse.Row(PyramidRows.CoarseRow(y / 2 + 1, coarse.Height));
        if (y % 2 == 0)
            PyramidRows.SumThree(coarse.Row(PyramidRows.CoarseRow(y / 2 - 1, coarse.Height)), here, next, sums);
        else
            PyramidRows.SumTwo(here, next, sums);
        PyramidRows.Double(sums, fine);
    }

    /// <summary>A level of a pyramid whose level 0 is the picture itself.</summary>
    private static LumaPlane At(LumaBuffer[] coarser, LumaPlane picture, int level)
    {
        (int width, int height) = (picture.Width, picture.Height);
        for (int i = 0; i < level; i++)
            (width, height) = (PyramidRows.Half(width), PyramidRows.Half(height));
        return level == 0 ? picture : coarser[level - 1].Plane(width, height);
    }

    private static LumaBuffer[] Buffers() => [new(), new(), new()];
}
