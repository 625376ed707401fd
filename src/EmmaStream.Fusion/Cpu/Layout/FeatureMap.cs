namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>A whole feature map in phase layout: what a layer leaves for the next ones. Written once per frame, then only read.</summary>
internal sealed unsafe class FeatureMap : RowMap
{
    private readonly float* _memory;
    private readonly float* _zeroRow;

    /// <param name="layout">Channels and size.</param>
    /// <param name="border">What its consumers find outside.</param>
    /// <param name="zeroRow">A row of zeros that outlives the map.</param>
    /// <param name="memory"><see cref="Floats"/> floats that outlive the map.</param>
    public FeatureMap(PhaseLayout layout, Border border, float* zeroRow, float* memory)
        : base(layout, border, zeroRow)
    {
        _memory = memory;
        _zeroRow = zeroRow;
        for (int y = 0; y < layout.Height; y++)
            Rows.Set(y, memory + ((long)y * layout.RowStride));
    }

    /// <summary>Memory that a map of this layout takes, in floats.</summary>
    public static long Floats(in PhaseLayout layout) => ((long)layout.Height * layout.RowStride) + PhaseLayout.Slack;

    /// <summary>Another map in the same memory, once nobody reads this one any more.</summary>
    public FeatureMap Reuse(Border border) => new(Layout, border, _zeroRow, _memory);

    public override float* Produce(int y) => Rows[y];
}
