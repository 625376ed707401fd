namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>A feature map row by row: whole in memory (<see cref="FeatureMap"/>) or only a moving window of it (<see cref="RowWindow"/>).</summary>
/// <param name="layout">Channels and size.</param>
/// <param name="border">What its consumers find outside.</param>
/// <param name="zeroRow">A row of zeros that outlives the map.</param>
internal abstract unsafe class RowMap(PhaseLayout layout, Border border, float* zeroRow) : IDisposable
{
    private readonly PhaseLayout _layout = layout;

    /// <summary>Channels and size.</summary>
    public ref readonly PhaseLayout Layout => ref _layout;

    /// <summary>What its consumers find outside.</summary>
    public Border Border { get; } = border;

    /// <summary>Where the rows lie.</summary>
    public RowTable Rows { get; } = new(layout.Height, border, zeroRow);

    /// <summary>Memory for row <paramref name="y"/>; rows come in order.</summary>
    public abstract float* Produce(int y);

    /// <summary>Rows <paramref name="firstRow"/> to <paramref name="endRow"/> - 1 are there, with their halo: what stands for rows outside can be made of them.</summary>
    public virtual void Complete(int firstRow, int endRow)
    {
    }

    /// <summary>Gives back the rows above <paramref name="y"/>, where rows are given back.</summary>
    public virtual void ReleaseBefore(int y)
    {
    }

    /// <summary>Ends a sweep: gives back every row, where rows are given back.</summary>
    public virtual void Clear()
    {
    }

    /// <summary>Frees what the map owns.</summary>
    public virtual void Dispose() => Rows.Dispose();
}
