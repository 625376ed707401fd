using EmmaStream.Core.Frames;

namespace EmmaStream.Registration;

/// <summary>
/// A 3x3 map between pixel positions, row-major, pixel centres at integers: (x, y) goes to ((M11 x + M12 y + M13) / w, (M21 x + M22 y + M23) / w) with
/// w = M31 x + M32 y + M33. The direction is in the name of whoever holds it.
/// </summary>
public readonly record struct Homography(double M11, double M12, double M13, double M21, double M22, double M23, double M31, double M32, double M33)
{
    /// <summary>The map that moves nothing.</summary>
    public static Homography Identity { get; } = new(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /// <summary>The nine numbers, row by row.</summary>
    public IReadOnlyList<double> Values => [M11, M12, M13, M21, M22, M23, M31, M32, M33];

    /// <summary>Determinant of the matrix.</summary>
    public double Determinant => M11 * (M22 * M33 - M23 * M32) - M12 * (M21 * M33 - M23 * M31) + M13 * (M21 * M32 - M22 * M31);

    /// <summary>Whether all numbers are finite.</summary>
    public bool IsFinite => double.IsFinite(M11 + M12 + M13 + M21 + M22 + M23 + M31 + M32 + M33);

    /// <summary>The map whose nine numbers, row by row, are <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">There are not nine.</exception>
    public static Homography Of(IReadOnlyList<double> values) => values.Count == 9
        ? new(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8])
        : throw new ArgumentException($"a homography has 9 numbers, these are {values.Count}", nameof(values));

    /// <summary>The plain scale that maps pictures of size <paramref name="from"/> onto those of size <paramref name="to"/>: edges onto edges, so that a pixel centre x goes to (x + 0.5) s - 0.5.</summary>
    public static Homography Scale(FrameSize from, FrameSize to)
    {
        double x = (double)to.Width / from.Width, y = (double)to.Height / from.Height;
        return new(x, 0, (x - 1) / 2, 0, y, (y - 1) / 2, 0, 0, 1);
    }

    /// <summary>The map that does <paramref name="first"/> and then <paramref name="second"/>.</summary>
    public static Homography operator *(Homography second, Homography first) => new(
        second.M11 * first.M11 + second.M12 * first.M21 + second.M13 * first.M31,
        second.M11 * first.M12 + second.M12 * first.M22 + second.M13 * first.M32,
        second.M11 * first.M13 + second.M12 * first.M23 + second.M13 * first.M33,
        second.M21 * first.M11 + second.M22 * first.M21 + second.M23 * first.M31,
        second.M21 * first.M12 + second.M22 * first.M22 + second.M23 * first.M32,
        second.M21 * first.M13 + second.M22 * first.M23 + second.M23 * first.M33,
        second.M31 * first.M11 + second.M32 * first.M21 + second.M33 * first.M31,
        second.M31 * first.M12 + second.M32 * first.M22 + second.M33 * first.M32,
        second.M31 * first.M13 + second.M32 * first.M23 + second.M33 * first.M33);

    /// <summary>Where (x, y) goes; not finite where w is 0.</summary>
    public (double X, double Y) Map(double x, double y)
    {
        double w = Weight(x, y);
        return ((M11 * x + M12 * y + M13) / w, (M21 * x + M22 * y + M23) / w);
    }

    /// <summary>The w of (x, y): its sign tells the two sides of the horizon apart.</summary>
    public double Weight(double x, double y) => M31 * x + M32 * y + M33;

    /// <summary>The map back.</summary>
    /// <exception cref="ArgumentException">The determinant is 0 or not finite.</exception>
    public Homography Inverse()
    {
        double d = Determinant;
        if (d == 0 || !double.IsFinite(d))
            throw new ArgumentException($"a homography with determinant {d} has no inverse");
        return new(
            (M22 * M33 - M23 * M32) / d, (M13 * M32 - M12 * M33) / d, (M12 * M23 - M13 * M22) / d,
            (M23 * M31 - M21 * M33) / d, (M11 * M33 - M13 * M31) / d, (M13 * M21 - M11 * M23) / d,
            (M21 * M32 - M22 * M31) / d, (M12 * M31 - M11 * M32) / d, (M11 * M22 - M12 * M21) / d);
    }
}
