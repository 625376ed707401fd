using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Temporal;

/// <summary>
/// What EWARP, BiSWE-GLK and MS2R-GLK are made of: where motion could be followed, what a frame differs by from its neighbour moved along the
/// flow, and how motion changes. Owns scratch memory that grows to the largest frame; one thread at a time.
/// </summary>
public sealed class MotionMetrics
{
    private const double OcclusionLimit = 1;

    private double[] _backX = [], _backY = [], _rows = [];

    /// <summary>
    /// Marks where a source's motion could be followed there and back: 1 where following <paramref name="there"/> and then
    /// <paramref name="back"/> ends less than a pixel from the start, else 0.
    /// </summary>
    public void Mask(FlowField there, FlowField back, Span<byte> mask)
    {
        ArgumentNullException.ThrowIfNull(there);
        ArgumentNullException.ThrowIfNull(back);
        (int width, int height) = (there.Width, there.Height);
        int area = width * height;
        Grow(ref _backX, area);
        Grow(ref _backY, area);
        back.Expand(_backX, _backY);
        Span<double> x = Row(0, width), y = Row(1, width);
        for (int row = 0; row < height; row++)
        {
            there.ExpandRow(row, x, y);
            for (int column = 0; column < width; column++)
            {
                BilinearPlace place = new(column + x[column], row + y[column], width, height);
                double dx = x[column] + place.Of(_backX.AsSpan(0, area)), dy = y[column] + place.Of(_backY.AsSpan(0, area));
                mask[row * width + column] = Math.Sqrt(dx * dx + dy * dy) < OcclusionLimit ? (byte)1 : (byte)0;
            }
        }
    }

    /// <summary>Mean over the mask of |frame - neighbour moved along flow|, in gray levels; 0 where the mask is empty.</summary>
    public double WarpingError(GrayPlane frame, GrayPlane neighbour, FlowField flow, ReadOnlySpan<byte> mask)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(neighbour);
        ArgumentNullException.ThrowIfNull(flow);
        int width = frame.Width;
        Span<double> x = Row(0, width), y = Row(1, width);
        double sum = 0;
        long count = 0;
        for (int row = 0; row < frame.Height; row++)
        {
            flow.ExpandRow(row, x, y);
            ReadOnlySpan<byte> samples = frame.Row(row), marks = mask.Slice(row * width, width);
            for (int column = 0; column < width; column++)
            {
                if (marks[column] == 0)
                    continue;
                BilinearPlace place = new(column + x[column], row + y[column], width, frame.Height);
                sum += Math.Abs(samples[column] - place.Of(neighbour.Samples));
                count++;
            }
        }
        return sum / (count + 1e-10);
    }

    /// <summary>
    /// MS2R of one frame, in pixels: with D = (flow to the next frame) - (flow from the previous), the mean over pixels and components of
    /// |D(F) - D(A)| and |D(F) - D(B)|, averaged over the two sources.
    /// </summary>
    public double MotionChange(in FlowPair fused, in FlowPair infrared, in FlowPair visible)
    {
        (int width, int height) = (fused.Next.Width, fused.Next.Height);
        double sum = 0;
        Span<double> fx = Row(2, width), fy = Row(3, width), sx = Row(4, width), sy = Row(5, width);
        for (int row = 0; row < height; row++)
        {
            Difference(fused, row, fx, fy);
            Difference(infrared, row, sx, sy);
            for (int i = 0; i < width; i++)
                sum += Math.Abs(fx[i] - sx[i]) + Math.Abs(fy[i] - sy[i]);
            Difference(visible, row, sx, sy);
            for (int i = 0; i < width; i++)
                sum += Math.Abs(fx[i] - sx[i]) + Math.Abs(fy[i] - sy[i]);
        }
        return sum / (4.0 * width * height);
    }

    private void Difference(in FlowPair flows, int row, Span<double> x, Span<double> y)
    {
        Span<double> px = Row(0, x.Length), py = Row(1, x.Length);
        flows.Next.ExpandRow(row, x, y);
        flows.Previous.ExpandRow(row, px, py);
        for (int i = 0; i < x.Length; i++)
            (x[i], y[i]) = (x[i] - px[i], y[i] - py[i]);
    }

    // Six rows of one width; growing keeps none of them.
    private Span<double> Row(int index, int width)
    {
        Grow(ref _rows, 6 * width);
        return _rows.AsSpan(index * width, width);
    }

    private static void Grow(ref double[] array, int length)
    {
        if (array.Length < length)
            array = new double[length];
    }
}

/// <summary>A video's motion around one frame.</summary>
/// <param name="Previous">From the frame before to the frame.</param>
/// <param name="Next">From the frame to the one after.</param>
public readonly record struct FlowPair(FlowField Previous, FlowField Next);
