using System.Runtime.Intrinsics;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Reduced;

/// <summary>Reduces a picture by 2 or 4: every small pixel is the mean of the pixels it covers; beyond the picture its edge is repeated.</summary>
internal sealed unsafe class AreaReduction : IDisposable
{
    private NativeFloats? _line;

    /// <summary>Size of the small picture: whole pixels that cover the large one.</summary>
    public static (int Width, int Height) SizeOf(int width, int height, int scale) => ((width + scale - 1) / scale, (height + scale - 1) / scale);

    /// <summary>Reduces <paramref name="from"/> into <paramref name="to"/>.</summary>
    public void Reduce(LumaPlane from, LumaPlane to, int scale)
    {
        int padded = (to.Width * scale) + 32;
        if (_line is null || _line.Count < padded)
        {
            _line?.Dispose();
            _line = new NativeFloats(padded);
        }
        float* line = _line.Pointer;
        for (int y = 0; y < to.Height; y++)
        {
            SumRows(from, y * scale, scale, line);
            for (int x = from.Width; x < to.Width * scale; x++)
                line[x] = line[from.Width - 1];
            float* row = to.Data + ((nint)y * to.Stride);
            AddNeighbours(line, scale == 2 ? row : line, scale == 2 ? to.Width : 2 * to.Width, scale == 2 ? 0.25f : 0.0625f);
            if (scale == 4)
                AddNeighbours(line, row, to.Width, 1);
        }
    }

    public void Dispose() => _line?.Dispose();

    private static void SumRows(LumaPlane from, int first, int count, float* line)
    {
        from.Row(Math.Min(first, from.Height - 1)).CopyTo(new Span<float>(line, from.Width));
        for (int i = 1; i < count; i++)
        {
            float* row = from.Data + ((nint)Math.Min(first + i, from.Height - 1) * from.Stride);
            int x = 0;
            for (; x <= from.Width - 8; x += 8)
                (Vector256.Load(line + x) + Vector256.Load(row + x)).Store(line + x);
            for (; x < from.Width; x++)
                line[x] += row[x];
        }
    }

    /// <summary>y[n] = (x[2n] + x[2n + 1]) factor; y may be x, as it is behind what is still to be read.</summary>
    private static void AddNeighbours(float* x, float* y, int count, float factor)
    {
        Vector256<int> even = Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6), odd = Vector256.Create(1, 3, 5, 7, 1, 3, 5, 7);
        int n = 0;
        for (; n <= count - 8; n += 8)
        {
            Vector256<float> a = Vector256.Load(x + (2 * n)), b = Vector256.Load(x + (2 * n) + 8);
            a = Vector256.Shuffle(a, even) + Vector256.Shuffle(a, odd);
            b = Vector256.Shuffle(b, even) + Vector256.Shuffle(b, odd);
            (Vector256.Create(a.GetLower(), b.GetLower()) * factor).Store(y + n);
        }
        for (; n < count; n++)
            y[n] = (x[2 * n] + x[(2 * n) + 1]) * factor;
    }
}
