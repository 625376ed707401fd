using System.Numerics;
using System.Runtime.CompilerServices;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>AG: mean gradient of the fused picture, in gray levels a pixel, from 0; higher is better. Central differences, one-sided at the borders, divisor N.</summary>
public static class AverageGradient
{
    /// <summary>mean(sqrt((gx^2 + gy^2) / 2)) of the plane that <paramref name="workspace"/> holds as fused.</summary>
    public static double Measure(MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        PaddedPlane plane = workspace.Fused;
        Vector<double> sum = default;
        double borders = 0;
        for (int y = 0; y < plane.Height; y++)
            borders += Row(plane, y, ref sum);
        // Everything was counted at twice its size: sqrt((2gx)^2 + (2gy)^2) = sqrt(8) sqrt((gx^2 + gy^2) / 2).
        return (Vector.Sum(sum) + borders) / Math.Sqrt(8) / ((double)plane.Width * plane.Height);
    }

    // Adds the inner columns to the lanes and returns the first and last column.
    private static double Row(PaddedPlane plane, int y, ref Vector<double> sum)
    {
        int width = plane.Width, above = Math.Max(y - 1, 0), below = Math.Min(y + 1, plane.Height - 1);
        ref double row = ref plane.Row(y), up = ref plane.Row(above), down = ref plane.Row(below);
        double vertical = below - above == 2 ? 1 : 2;
        for (int x = 1; x < width - 1; x += Lanes.Count)
        {
            Vector<double> gx = Lanes.Load(ref row, x + 1) - Lanes.Load(ref row, x - 1);
            Vector<double> gy = (Lanes.Load(ref down, x) - Lanes.Load(ref up, x)) * vertical;
            sum += Lanes.Keep(Lanes.Mask(x, width - 1), Vector.SquareRoot(gx * gx + gy * gy));
        }
        double left = Border(0, Math.Min(1, width - 1), ref row, ref up, ref down, vertical, 0);
        return width == 1 ? left : left + Border(width - 2, width - 1, ref row, ref up, ref down, vertical, width - 1);
    }

    private static double Border(int from, int to, ref double row, ref double up, ref double down, double vertical, int column)
    {
        double gx = 2 * (Unsafe.Add(ref row, to) - Unsafe.Add(ref row, from));
        double gy = vertical * (Unsafe.Add(ref down, column) - Unsafe.Add(ref up, column));
        return Math.Sqrt(gx * gx + gy * gy);
    }
}
