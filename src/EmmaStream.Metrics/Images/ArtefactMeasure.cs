using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// Nabf (Linfeng-Tang's evaluator only): edges of the fused picture that are stronger than both sources', weighted by the sources' edge
/// strength; from 0, lower is better.. Smallest picture 2 x 2.
/// </summary>
public static class ArtefactMeasure
{
    /// <summary>Smallest width and height: the border is mirrored without its edge pixel.</summary>
    public const int MinimumSide = 2;

    /// <summary>Nabf of <paramref name="planes"/>.</summary>
    /// <exception cref="ArgumentException">A side is below <see cref="MinimumSide"/>.</exception>
    public static double Measure(in PlaneTrio planes)
    {
        if (Math.Min(planes.Width, planes.Height) < MinimumSide)
            throw new ArgumentException($"Nabf needs at least {MinimumSide}x{MinimumSide} pixels", nameof(planes));
        double artefacts = 0, weights = 0;
        for (int y = 0; y < planes.Height; y++)
        {
            for (int x = 0; x < planes.Width; x++)
            {
                (double strengthF, double angleF) = Edge(planes.Fused, x, y);
                (double strengthA, double angleA) = Edge(planes.Infrared, x, y);
                (double strengthB, double angleB) = Edge(planes.Visible, x, y);
                double weightA = Weight(strengthA), weightB = Weight(strengthB);
                weights += weightA + weightB;
                if (strengthF > strengthA && strengthF > strengthB)
                {
                    artefacts += (1 - Preserved(strengthA, angleA, strengthF, angleF)) * weightA;
                    artefacts += (1 - Preserved(strengthB, angleB, strengthF, angleF)) * weightB;
                }
            }
        }
        return artefacts / weights;
    }

    private static double Weight(double strength) => strength >= 2 ? strength * Math.Sqrt(strength) : 0.001;

    private static double Preserved(double strengthS, double angleS, double strengthF, double angleF)
    {
        double ratio = strengthS == 0 || strengthF == 0 ? 0 : Math.Min(strengthS, strengthF) / Math.Max(strengthS, strengthF);
        double agreement = Math.Abs(Math.Abs(angleS - angleF) - Math.PI / 2) * 2 / Math.PI;
        return Math.Sqrt(0.9999 / (1 + Math.Exp(-19 * (ratio - 0.5))) * (0.9995 / (1 + Math.Exp(-22 * (agreement - 0.5)))));
    }

    // Sobel / 8: gv = right - left, gh = bottom - top, angle atan(gv / gh).
    private static (double Strength, double Angle) Edge(GrayPlane plane, int x, int y)
    {
        int left = Mirror(x - 1, plane.Width), right = Mirror(x + 1, plane.Width);
        ReadOnlySpan<byte> up = plane.Row(Mirror(y - 1, plane.Height)), row = plane.Row(y), down = plane.Row(Mirror(y + 1, plane.Height));
        int vertical = up[right] - up[left] + 2 * (row[right] - row[left]) + down[right] - down[left];
        int horizontal = down[left] - up[left] + 2 * (down[x] - up[x]) + down[right] - up[right];
        double strength = Math.Sqrt(vertical * vertical + horizontal * horizontal) / 8;
        double angle = vertical == 0 && horizontal == 0 ? 0 : Math.Atan((double)vertical / horizontal);
        return (strength, angle);
    }

    private static int Mirror(int i, int length) => i < 0 ? -i : i >= length ? 2 * length - 2 - i : i;
}
