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
        if (layout.IsFolded)
        {
            for (int y = -4; y < 4 * (layout.Strips + 1); y++)
                Rows.Place(y, memory + layout.RowOffset(y));
            return;
        }
        for (int y = 0; y < layout.Height; y++)
            Rows.Set(y, memory + layout.RowOffset(y));
    }

    /// <summary>Memory that a map of this layout takes, in floats.</summary>
    public static long Floats(in PhaseLayout layout) => layout.MapFloats + PhaseLayout.Slack;

    /// <summary>Another map in the same memory, once nobody reads this one any more.</summary>
    public FeatureMap Reuse(Border border) => new(Layout, border, _zeroRow, _memory);

    public override float* Produce(int y) => Rows[y];

    /// <summary>Puts a row in that was made elsewhere, with its halo.</summary>
    /// <param name="y">Which.</param>
    /// <param name="row">It, in the unfolded layout.</param>
    public void Put(int y, float* row) => Copy(row, Layout.Unfolded(), Rows[y]);

    /// <summary>
    /// Folded, the rows outside need memory of their own: row -1, and all from the height on to the row below the last strip, as a tile that
    /// straddles the edge mixes every row in and takes it out again.
    /// </summary>
    public override void Complete(int firstRow, int endRow)
    {
        if (!Layout.IsFolded)
            return;
        if (firstRow <= 1 && endRow > 1)
            Outside(-1, 1);
        if (endRow < Layout.Height)
            return;
        for (int y = Layout.Height; y <= 4 * Layout.Strips; y++)
            Outside(y, Layout.Height - 2);
    }

    private void Outside(int y, int mirrored)
    {
        if (Border == Border.Reflect)
            Copy(Rows[mirrored], Layout, Rows[y]);
        else
            Copy(_zeroRow, Layout.Unfolded(), Rows[y]);
    }

    /// <summary>A row with its halo and nothing beside it: the slots next to it are other rows'.</summary>
    private void Copy(float* from, in PhaseLayout source, float* to)
    {
        int tiles = Layout.Tiles;
        for (int c = 0; c < Layout.Channels; c++, from += source.ChannelStride, to += Layout.ChannelStride)
        {
            Copy(from + source.Phase1, to + Layout.Phase1, tiles);
            Copy(from + source.Phase2, to + Layout.Phase2, tiles);
            Copy(from + source.Phase0, to + Layout.Phase0, tiles + 1);
            Copy(from + source.Phase3 - 1, to + Layout.Phase3 - 1, tiles + 1);
        }
    }

    private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}
