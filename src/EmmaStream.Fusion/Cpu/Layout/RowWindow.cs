namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>A feature map of which only a window of rows is alive: taken from a pool as they are produced, given back after their last use.</summary>
/// <param name="layout">Channels and size of the whole map.</param>
/// <param name="border">What its consumers find outside.</param>
/// <param name="pool">Gives rows of this layout.</param>
/// <param name="zeroRow">A row of zeros that outlives the window.</param>
internal sealed unsafe class RowWindow(PhaseLayout layout, Border border, RowPool pool, float* zeroRow) : RowMap(layout, border, zeroRow)
{
    private int _first = int.MaxValue;
    private int _end = int.MinValue;

    public override float* Produce(int y)
    {
        float* row = pool.Take();
        Rows.Set(y, row);
        _first = Math.Min(_first, y);
        _end = y + 1;
        return row;
    }

    public override void ReleaseBefore(int y)
    {
        for (; _first < Math.Min(y, _end); _first++)
            pool.GiveBack(Rows[_first]);
    }

    public override void Clear()
    {
        ReleaseBefore(int.MaxValue);
        (_first, _end) = (int.MaxValue, int.MinValue);
    }
}
