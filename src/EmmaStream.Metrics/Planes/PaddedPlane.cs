using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EmmaStream.Metrics.Planes;

/// <summary>
/// A plane in double with a margin on every side, so that window loops read whole vectors and 3 x 3 neighbourhoods without an edge case:
/// one row above and below, <see cref="Margin"/> samples left and at least as many right. The margin is zero.
/// Owned by one <see cref="Images.MetricsWorkspace"/>.
/// </summary>
internal sealed class PaddedPlane
{
    /// <summary>Samples left of each row; a vector of 512 bits.</summary>
    public const int Margin = 8;

    private double[] _data = [];

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Samples from row to row.</summary>
    public int Stride { get; private set; }

    /// <summary>Gives the plane a size; samples are undefined, margins zero.</summary>
    public void Resize(int width, int height)
    {
        if (Width == width && Height == height)
            return;
        Width = width;
        Height = height;
        Stride = StrideFor(width);
        int length = Stride * (height + 2);
        if (_data.Length < length)
            _data = new double[length];
        else
            _data.AsSpan(0, length).Clear();
    }

    /// <summary>Samples that hold a row of <paramref name="width"/> with its margins, rounded up to whole vectors.</summary>
    public static int StrideFor(int width) => (width + 3 * Margin - 1) / Margin * Margin;

    /// <summary>First sample of row <paramref name="y"/>, -1..Height; index -Margin..Width + Margin - 1 is readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref double Row(int y) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_data), (y + 1) * Stride + Margin);

    /// <summary>Row <paramref name="y"/> as a span of Width samples.</summary>
    public Span<double> RowSpan(int y) => _data.AsSpan((y + 1) * Stride + Margin, Width);

    /// <summary>Takes over size and samples of <paramref name="plane"/>, with zero margins.</summary>
    public void Load(GrayPlane plane)
    {
        Resize(plane.Width, plane.Height);
        for (int y = 0; y < Height; y++)
            Widen(plane.Row(y), RowSpan(y));
    }

    private static void Widen(ReadOnlySpan<byte> from, Span<double> to)
    {
        for (int x = 0; x < from.Length; x++)
            to[x] = from[x];
    }
}
