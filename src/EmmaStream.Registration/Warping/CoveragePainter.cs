using EmmaStream.Core.Frames;

namespace EmmaStream.Registration.Warping;

/// <summary>Paints where the infrared is known.</summary>
internal static class CoveragePainter
{
    private const double Slack = 1e-6;   // positions on the very edge, moved by rounding

    /// <summary>gray8 of output size, owned by the caller; null when all is known.</summary>
    internal static Frame? Paint(OutputToInfrared positions, FrameSize output, FramePool pool)
    {
        Frame coverage = pool.Rent(new FrameFormat(PixelFormat.Gray8, output), new FrameStamp(default, 0, 0, "coverage"));
        bool everywhere = true;
        WritablePlane plane = coverage.WritablePlane(0);
        for (int y = 0; y < output.Height; y++)
        {
            Span<byte> row = plane.Row<byte>(y);
            for (int x = 0; x < row.Length; x++)
            {
                double inside = positions.Inside(x, y);
                everywhere &= inside >= -Slack;
                row[x] = (byte)Math.Round(255 * Math.Clamp(inside / WarpMap.SoftEdge, 0, 1));
            }
        }
        if (!everywhere)
            return coverage;
        coverage.Dispose();
        return null;
    }
}
