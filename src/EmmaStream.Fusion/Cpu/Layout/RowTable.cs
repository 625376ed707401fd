using System.Runtime.InteropServices;

namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>
/// Where the rows of a feature map lie, with what stands for the rows outside: the vertical border costs a convolution nothing but
/// another pointer. Rows beyond the one next to the edge stand for pixels that no valid output depends on.
/// </summary>
internal sealed unsafe class RowTable : IDisposable
{
    /// <summary>Rows outside of the map that can be asked for, above and below.</summary>
    public const int Margin = 12;

    private readonly float** _rows;
    private readonly int _height;
    private readonly Border _border;

    /// <param name="height">Rows of the map, at least 2.</param>
    /// <param name="border">What lies above and below.</param>
    /// <param name="zeroRow">A row of zeros that outlives the table.</param>
    public RowTable(int height, Border border, float* zeroRow)
    {
        (_height, _border) = (height, border);
        _rows = (float**)NativeMemory.Alloc((nuint)(height + (2 * Margin)), (nuint)sizeof(float*));
        for (int i = 0; i < height + (2 * Margin); i++)
            _rows[i] = zeroRow;
    }

    ~RowTable() => NativeMemory.Free(_rows);

    /// <summary>Row <paramref name="y"/> and, behind it, the rows that follow; -<see cref="Margin"/> and up.</summary>
    public float** From(int y) => _rows + y + Margin;

    public float* this[int y] => _rows[y + Margin];

    /// <summary>Says where row <paramref name="y"/> lies, and that no other row stands there.</summary>
    public void Place(int y, float* row) => _rows[y + Margin] = row;

    /// <summary>Says where row <paramref name="y"/> lies, and with it the rows outside that repeat it.</summary>
    public void Set(int y, float* row)
    {
        _rows[y + Margin] = row;
        if (_border != Border.Reflect)
            return;
        if (y == 1)
        {
            for (int i = 0; i < Margin; i++)
                _rows[i] = row;
        }
        if (y == _height - 2)
        {
            for (int i = _height + Margin; i < _height + (2 * Margin); i++)
                _rows[i] = row;
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_rows);
        GC.SuppressFinalize(this);
    }
}
