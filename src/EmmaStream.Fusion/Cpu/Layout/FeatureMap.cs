namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>A whole feature map in phase layout: what a layer leaves for the next ones. Written once per frame, then only read.</summary>
internal sealed unsafe class FeatureMap : RowMap
{
    private readonly NativeFloats _memory;

    /// <inheritdoc cref="RowMap"/>
    public FeatureMap(PhaseLayout layout, Border border, float* zeroRow)
        : base(layout, border, zeroRow)
    {
        _memory = new NativeFloats(Floats(layout));
        for (int y = 0; y < layout.Height; y++)
            Rows.Set(y, _memory.Pointer + ((long)y * layout.RowStride));
    }

    /// <summary>Memory that a map of this layout takes, in floats.</summary>
    public static long Floats(in PhaseLayout layout) => ((long)layout.Height * layout.RowStride) + PhaseLayout.Slack;

    public override float* Produce(int y) => Rows[y];

    public override void Dispose()
    {
        base.Dispose();
        _memory.Dispose();
    }
}
