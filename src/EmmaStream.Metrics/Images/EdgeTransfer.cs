using System.Numerics;
using System.Runtime.CompilerServices;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// Qabf (Xydeas and Petrovic): how much of the sources' edge strength and direction the fused picture keeps, weighted by the sources' edge
/// strength; 0 to 0.9873, higher is better. Zero-padded Sobel, so the picture's own border counts as an edge. NaN when both sources are black.
/// </summary>
public static class EdgeTransfer
{
    /// <summary>The sums Qabf is made of.</summary>
    /// <param name="StrengthInfrared">Sum of the infrared's edge strength.</param>
    /// <param name="StrengthVisible">Sum of the visible's edge strength.</param>
    /// <param name="KeptInfrared">Sum of edge strength times preservation, infrared.</param>
    /// <param name="KeptVisible">Sum of edge strength times preservation, visible.</param>
    public readonly record struct Result(double StrengthInfrared, double StrengthVisible, double KeptInfrared, double KeptVisible)
    {
        /// <summary>Qabf.</summary>
        public double Value => (KeptInfrared + KeptVisible) / (StrengthInfrared + StrengthVisible);
    }

    /// <summary>Qabf of the planes that <paramref name="workspace"/> holds.</summary>
    public static Result Measure(MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        (PaddedPlane f, PaddedPlane a, PaddedPlane b) = (workspace.Fused, workspace.Infrared, workspace.Visible);
        Vector<double> strengthA = default, strengthB = default, keptA = default, keptB = default;
        for (int y = 0; y < f.Height; y++)
        {
            for (int x = 0; x < f.Width; x += Lanes.Count)
            {
                Vector<long> mask = Lanes.Mask(x, f.Width);
                Edge fused = Edge.At(f, x, y);
                Edge infrared = Edge.At(a, x, y);
                strengthA += Lanes.Keep(mask, infrared.Strength);
                keptA += Lanes.Keep(mask, infrared.Strength * Preserved(infrared, fused));
                Edge visible = Edge.At(b, x, y);
                strengthB += Lanes.Keep(mask, visible.Strength);
                keptB += Lanes.Keep(mask, visible.Strength * Preserved(visible, fused));
            }
        }
        return new(Vector.Sum(strengthA), Vector.Sum(strengthB), Vector.Sum(keptA), Vector.Sum(keptB));
    }

    // Qg Qa: sigmoids of the strength ratio and of the agreement of the angles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Preserved(in Edge source, in Edge fused)
    {
        Vector<double> ratio = Vector.Min(source.Strength, fused.Strength) / Vector.Max(source.Strength, fused.Strength);
        // The reference compares with ">" only, so at equality the fused strength itself stands in for the ratio 1.
        // Beyond 10 the sigmoid is 1 to the last bit; the bound keeps the exponential in range.
        Vector<double> equal = Vector.Min(fused.Strength, new Vector<double>(10.0));
        ratio = Vector.ConditionalSelect(Vector.Equals(source.Squared, fused.Squared), equal, ratio);
        Vector<double> agreement = Vector<double>.One - Vector.Abs(source.Angle - fused.Angle) * (2 / Math.PI);
        Vector<double> strengthTerm = Vector<double>.One + Vector.Exp((new Vector<double>(0.5) - ratio) * 15.0);
        Vector<double> angleTerm = Vector<double>.One + Vector.Exp((new Vector<double>(0.8) - agreement) * 22.0);
        return new Vector<double>(0.9994 * 0.9879) / (strengthTerm * angleTerm);
    }

    /// <summary>Sobel gradients of neighbouring pixels, one a lane.</summary>
    private readonly ref struct Edge(Vector<double> squared, Vector<double> angle)
    {
        public Vector<double> Squared { get; } = squared;

        public Vector<double> Strength { get; } = Vector.SquareRoot(squared);

        public Vector<double> Angle { get; } = angle;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Edge At(PaddedPlane plane, int x, int y)
        {
            ref double up = ref plane.Row(y - 1), row = ref plane.Row(y), down = ref plane.Row(y + 1);
            Vector<double> upLeft = Lanes.Load(ref up, x - 1), upRight = Lanes.Load(ref up, x + 1);
            Vector<double> downLeft = Lanes.Load(ref down, x - 1), downRight = Lanes.Load(ref down, x + 1);
            Vector<double> left = Lanes.Load(ref row, x - 1), right = Lanes.Load(ref row, x + 1);
            Vector<double> above = Lanes.Load(ref up, x), below = Lanes.Load(ref down, x);
            Vector<double> gx = upLeft - upRight + (left - right) * 2.0 + (downLeft - downRight);
            Vector<double> gy = downLeft - upLeft + (below - above) * 2.0 + (downRight - upRight);
            return new Edge(gx * gx + gy * gy, VectorArcTangent.Of(gy, gx));
        }
    }
}
