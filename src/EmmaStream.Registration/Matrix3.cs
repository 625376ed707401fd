namespace EmmaStream.Registration;

/// <summary>A 3x3 matrix, row-major, that maps points (x, y, 1) projectively. Pixel centres are at integers.</summary>
/// <param name="M11">Row 1, column 1.</param>
/// <param name="M12">Row 1, column 2.</param>
/// <param name="M13">Row 1, column 3.</param>
/// <param name="M21">Row 2, column 1.</param>
/// <param name="M22">Row 2, column 2.</param>
/// <param name="M23">Row 2, column 3.</param>
/// <param name="M31">Row 3, column 1.</param>
/// <param name="M32">Row 3, column 2.</param>
/// <param name="M33">Row 3, column 3.</param>
public readonly record struct Matrix3(
    double M11, double M12, double M13, double M21, double M22, double M23, double M31, double M32, double M33)
{
    /// <summary>Maps every point to itself.</summary>
    public static Matrix3 Identity { get; } = new(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /// <summary>The determinant.</summary>
    public double Determinant =>
        M11 * (M22 * M33 - M23 * M32) - M12 * (M21 * M33 - M23 * M31) + M13 * (M21 * M32 - M22 * M31);

    /// <summary>Whether every element is finite.</summary>
    public bool IsFinite => double.IsFinite(M11 + M12 + M13 + M21 + M22 + M23 + M31 + M32 + M33);

    /// <summary>The map from pictures of one size to pictures of another: edges to edges, so centres move by half a pixel's difference.</summary>
    public static Matrix3 Scale(double x, double y) => new(x, 0, (x - 1) / 2, 0, y, (y - 1) / 2, 0, 0, 1);

    /// <summary>First <paramref name="right"/>, then <paramref name="left"/>.</summary>
    public static Matrix3 operator *(Matrix3 left, Matrix3 right) => Multiply(left, right);

    /// <summary>First <paramref name="right"/>, then <paramref name="left"/>.</summary>
    public static Matrix3 Multiply(Matrix3 left, Matrix3 right) => new(
        left.M11 * right.M11 + left.M12 * right.M21 + left.M13 * right.M31,
        left.M11 * right.M12 + left.M12 * right.M22 + left.M13 * right.M32,
        left.M11 * right.M13 + left.M12 * right.M23 + left.M13 * right.M33,
        left.M21 * right.M11 + left.M22 * right.M21 + left.M23 * right.M31,
        left.M21 * right.M12 + left.M22 * right.M22 + left.M23 * right.M32,
        left.M21 * right.M13 + left.M22 * right.M23 + left.M23 * right.M33,
        left.M31 * right.M11 + left.M32 * right.M21 + left.M33 * right.M31,
        left.M31 * right.M12 + left.M32 * right.M22 + left.M33 * right.M32,
        left.M31 * right.M13 + left.M32 * right.M23 + left.M33 * right.M33);

    /// <summary>The map back, scaled by the determinant's inverse.</summary>
    /// <exception cref="InvalidOperationException">The determinant is 0.</exception>
    public Matrix3 Inverse()
    {
        double d = Determinant;
        if (d == 0)
            throw new InvalidOperationException("a matrix of determinant 0 has no inverse");
        return new(
            (M22 * M33 - M23 * M32) / d, (M13 * M32 - M12 * M33) / d, (M12 * M23 - M13 * M22) / d,
            (M23 * M31 - M21 * M33) / d, (M11 * M33 - M13 * M31) / d, (M13 * M21 - M11 * M23) / d,
            (M21 * M32 - M22 * M31) / d, (M12 * M31 - M11 * M32) / d, (M11 * M22 - M12 * M21) / d);
    }

    /// <summary>Where the point goes; NaN for points at or behind the horizon.</summary>
    public (double X, double Y) Apply(double x, double y)
    {
        double w = M31 * x + M32 * y + M33;
        return w > 1e-9 ? ((M11 * x + M12 * y + M13) / w, (M21 * x + M22 * y + M23) / w) : (double.NaN, double.NaN);
    }

    /// <summary>The rows, for files.</summary>
    public double[][] ToRows() => [[M11, M12, M13], [M21, M22, M23], [M31, M32, M33]];
}
