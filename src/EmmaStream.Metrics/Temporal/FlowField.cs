namespace EmmaStream.Metrics.Temporal;

/// <summary>
/// Motion from one frame to another on a grid of one point in 8 x 8 pixels: at pixel x of the first frame it points to where x is found in the
/// second. Between grid points it is bilinear. Immutable.
/// </summary>
public sealed class FlowField
{
    /// <summary>Pixels from grid point to grid point.</summary>
    public const int Spacing = 8;

    private readonly float[] _x, _y;

    internal FlowField(int width, int height, float[] x, float[] y)
    {
        (Width, Height, _x, _y) = (width, height, x, y);
        (Columns, Rows) = GridOf(width, height);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Grid points in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows of grid points.</summary>
    public int Rows { get; }

    internal static (int Columns, int Rows) GridOf(int width, int height) => ((width + Spacing - 1) / Spacing, (height + Spacing - 1) / Spacing);

    /// <summary>Writes the motion of every pixel, row by row, in pixels.</summary>
    /// <param name="x">Horizontal component, Width x Height.</param>
    /// <param name="y">Vertical component, Width x Height.</param>
    public void Expand(Span<double> x, Span<double> y)
    {
        for (int row = 0; row < Height; row++)
            ExpandRow(row, x.Slice(row * Width, Width), y.Slice(row * Width, Width));
    }

    /// <summary>Writes the motion of the pixels of one row.</summary>
    public void ExpandRow(int row, Span<double> x, Span<double> y)
    {
        (int above, int below, double down) = Between(row, Rows);
        for (int column = 0; column < Width; column++)
        {
            (int left, int right, double across) = Between(column, Columns);
            x[column] = Blend(_x, above, below, left, right, down, across);
            y[column] = Blend(_y, above, below, left, right, down, across);
        }
    }

    private double Blend(float[] grid, int above, int below, int left, int right, double down, double across)
    {
        int top = above * Columns, bottom = below * Columns;
        double upper = grid[top + left] * (1 - across) + grid[top + right] * across;
        double lower = grid[bottom + left] * (1 - across) + grid[bottom + right] * across;
        return upper * (1 - down) + lower * down;
    }

    // A pixel's place among grid points, which sit at 4, 12, 20, ...
    private static (int First, int Second, double Fraction) Between(int pixel, int points)
    {
        double place = Math.Clamp((pixel - Spacing / 2) / (double)Spacing, 0, points - 1);
        int first = (int)place;
        return (first, Math.Min(first + 1, points - 1), place - first);
    }
}
