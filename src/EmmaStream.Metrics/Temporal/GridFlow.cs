using EmmaStream.Metrics.Planes;
using OpenCvSharp;

namespace EmmaStream.Metrics.Temporal;

/// <summary>
/// GLK, grid Lucas-Kanade: the flow that EWARP, BiSWE-GLK and MS2R-GLK rest on. Pyramidal Lucas-Kanade (window 21 x 21, 3 levels above the
/// first) on a grid of points, 0 where it lost the point, then a 5 x 5 median over the grid. Without state; safe for use by many threads.
/// </summary>
public static class GridFlow
{
    /// <summary>Smallest width and height.</summary>
    public const int MinimumSide = 16;

    private const int Window = 21, MaxLevel = 3, Median = 5;

    /// <summary>The motion from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <exception cref="ArgumentException">The sizes differ, or a side is below <see cref="MinimumSide"/>.</exception>
    public static FlowField Measure(GrayPlane from, GrayPlane to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if ((from.Width, from.Height) != (to.Width, to.Height) || Math.Min(from.Width, from.Height) < MinimumSide)
            throw new ArgumentException($"flow needs two planes of one size, at least {MinimumSide}x{MinimumSide}: {from} and {to}", nameof(to));
        Point2f[] start = GridPoints(from.Width, from.Height);
        using Mat first = View(from);
        using Mat second = View(to);
        using Mat points = Mat.FromPixelData(start.Length, 1, MatType.CV_32FC2, start);
        using Mat found = new();
        using Mat status = new();
        using Mat errors = new();
        Cv2.CalcOpticalFlowPyrLK(first, second, points, found, status, errors, new Size(Window, Window), MaxLevel);
        return Smooth(start, found, status, from.Width, from.Height);
    }

    private static Mat View(GrayPlane plane)
    {
        Mat view = new(plane.Height, plane.Width, MatType.CV_8UC1);
        plane.Samples.CopyTo(view.AsSpan<byte>());
        return view;
    }

    private static Point2f[] GridPoints(int width, int height)
    {
        (int columns, int rows) = FlowField.GridOf(width, height);
        Point2f[] points = new Point2f[columns * rows];
        for (int i = 0; i < points.Length; i++)
        {
            int x = i % columns * FlowField.Spacing + FlowField.Spacing / 2, y = i / columns * FlowField.Spacing + FlowField.Spacing / 2;
            points[i] = new(Math.Min(x, width - 1), Math.Min(y, height - 1));
        }
        return points;
    }

    private static FlowField Smooth(Point2f[] start, Mat found, Mat status, int width, int height)
    {
        Span<Point2f> end = found.AsSpan<Point2f>();
        Span<byte> tracked = status.AsSpan<byte>();
        float[] x = new float[start.Length], y = new float[start.Length];
        for (int i = 0; i < start.Length; i++)
        {
            if (tracked[i] != 0)
                (x[i], y[i]) = (end[i].X - start[i].X, end[i].Y - start[i].Y);
        }
        (int columns, int rows) = FlowField.GridOf(width, height);
        return new FlowField(width, height, MedianOf(x, columns, rows), MedianOf(y, columns, rows));
    }

    private static float[] MedianOf(float[] component, int columns, int rows)
    {
        using Mat grid = Mat.FromPixelData(rows, columns, MatType.CV_32FC1, component);
        using Mat smooth = new();
        Cv2.MedianBlur(grid, smooth, Median);
        return smooth.AsSpan<float>().ToArray();
    }
}
