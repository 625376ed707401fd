namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>
/// Rows for the feature maps that live only a few rows long while a block is swept. The row given back last is given out first, so the
/// next stage writes where the cache is warm. It belongs to one worker.
/// </summary>
/// <param name="memory"><see cref="Floats"/> floats that outlive the pool.</param>
/// <param name="rowFloats">Floats in a row.</param>
/// <param name="capacity">Rows at most.</param>
internal sealed unsafe class RowPool(float* memory, int rowFloats, int capacity)
{
    private readonly nint[] _free = new nint[capacity];
    private int _count;
    private int _fresh;

    /// <summary>Memory that a pool takes, in floats.</summary>
    public static long Floats(int rowFloats, int capacity) => ((long)rowFloats * capacity) + PhaseLayout.Slack;

    public float* Take()
    {
        if (_count > 0)
            return (float*)_free[--_count];
        if (_fresh == capacity)
            throw new InvalidOperationException($"all {capacity} rows of the pool are in use");
        return memory + ((long)_fresh++ * rowFloats);
    }

    public void GiveBack(float* row) => _free[_count++] = (nint)row;
}
