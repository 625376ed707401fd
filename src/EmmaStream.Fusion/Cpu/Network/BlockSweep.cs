using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>
/// Runs a block strip by strip: every stage follows its producer as closely as its 3x3 allows, so that what lies between them is a few rows
/// in the cache. One per worker and level; a band of strips at a time. What a band needs above its first strip it computes again. A folded
/// level is small: there every stage runs over the whole of it before the next.
/// </summary>
internal sealed unsafe class BlockSweep<TKernels> : IDisposable
    where TKernels : struct, IKernels
{
    // The stage that each map belongs to: one more than its deepest input. Each stage shifts its strips by a row, see Strips.
    private const int EmbedStage = 0, AttendStage = 1, GateStage = 2, FfnStage = 5;
    private const int Maps = 11;

    private readonly Workbench _bench;
    private readonly PhaseLayout _layout;
    private readonly RowMap _embed, _normed, _attended, _hiddenFirst, _hiddenSecond, _global, _inner, _local1, _inner2, _local2;
    private readonly FeatureMap? _mixed;
    private readonly nint[] _channelOffsets;
    private readonly int _unit;
    private Strips _band;
    private int _unitIndex;

    public BlockSweep(Workbench bench, PhaseLayout layout, NativeFloats memory, float* zeroRow)
    {
        (_bench, _layout) = (bench, layout);
        _unit = layout.IsFolded ? layout.Strips : Convolver<TKernels>.StripsAtOnce(layout);
        RowPool? pool = layout.IsFolded ? null : new RowPool(memory.Carve(Floats(layout)), layout.RowStride, PoolRows(layout));
        FeatureMap Whole(Border border) => new(layout, border, zeroRow, memory.Carve(FeatureMap.Floats(layout)));
        RowMap Window(Border border) => pool is null ? Whole(border) : new RowWindow(layout, border, pool, zeroRow);
        _embed = Window(Border.Reflect);
        _normed = Window(Border.Zero);
        _attended = Window(Border.Reflect);
        _hiddenFirst = Window(Border.Reflect);
        _hiddenSecond = Window(Border.Reflect);
        _global = Window(Border.Reflect);
        _inner = Window(Border.Reflect);
        _local1 = Window(Border.Reflect);
        _inner2 = Window(Border.Reflect);
        _local2 = Window(Border.Reflect);
        _mixed = layout.IsFolded ? Whole(Border.Reflect) : null;
        _channelOffsets = [.. Enumerable.Range(0, layout.Channels).Select(c => (nint)c * layout.ChannelStride)];
    }

    /// <summary>Receives activations, if set.</summary>
    public ActivationProbe? Probe { get; set; }

    /// <summary>Strips that <see cref="Run"/> has for its bands.</summary>
    public static int Strips(in PhaseLayout layout) => Layout.Strips.Covering(layout.Height, FfnStage * Lag(layout)).End;

    /// <summary>Strips that <see cref="Observe"/> has for its bands.</summary>
    public static int ObservedStrips(in PhaseLayout layout) => Layout.Strips.Covering(layout.Height, AttendStage * Lag(layout)).End;

    /// <summary>Memory that a sweep takes, in floats.</summary>
    public static long Floats(in PhaseLayout layout) => layout.IsFolded
        ? Maps * NativeFloats.Carved(FeatureMap.Floats(layout))
        : NativeFloats.Carved(RowPool.Floats(layout.RowStride, PoolRows(layout)));

    /// <summary>Levels 2 to 4, first sweep: embeds the input, and sums q.k, q.q, k.k of the normed feature.</summary>
    public void Observe(BlockPass block, int firstStrip, int endStrip)
    {
        Begin(firstStrip, endStrip, AttendStage);
        for (; _unitIndex * _unit < endStrip; _unitIndex++)
        {
            Embed(block, block.Embedded!, At(EmbedStage));
            Norm(block, block.Embedded!, At(EmbedStage));
            SumQueriesAndKeys(block, At(AttendStage));
            Release(_normed, 2);
        }
        End();
    }

    /// <summary>The block, or what follows <see cref="Observe"/> of it.</summary>
    /// <param name="block">The block.</param>
    /// <param name="firstStrip">First strip of the band.</param>
    /// <param name="endStrip">Strip after its last.</param>
    /// <param name="follower">Makes rows of the block's output as it appears, if there is one.</param>
    /// <param name="worker">Whose sweep this is.</param>
    public void Run(BlockPass block, int firstStrip, int endStrip, FollowingLayer<TKernels>? follower, Worker<TKernels> worker)
    {
        BlockFilters filters = block.Filters;
        RowMap e = block.Embedded ?? _embed;
        Begin(firstStrip, endStrip, FfnStage);
        int following = follower?.FirstFrom(_band.FirstRow) ?? 0;
        for (; _unitIndex * _unit < endStrip; _unitIndex++)
        {
            if (block.Embedded is null)
                Embed(block, e, At(EmbedStage));
            else
                FetchNext(block.Embedded);
            Norm(block, e, At(EmbedStage));

            Convolve(block.Attention, _normed, _attended, At(1), residual: e);
            Release(_normed, 2);
            ProjectIn(filters, At(1));
            GateAndProjectOut(filters, At(2));
            Release(_hiddenFirst, 3);
            Release(_hiddenSecond, 3);
            Release(_attended, 2);
            Probe?.Rows(block.Name, "GlobalFeature", _global, At(2));

            Convolve(filters.Local[0], e, _inner, At(1), relu: true);
            Convolve(filters.Local[1], _inner, _local1, At(2), residual: e);
            Release(_inner, 3);
            Release(_embed, 2);
            Probe?.Rows(block.Name, "LocalFeature.Extraction.0", _local1, At(2));
            Convolve(filters.Local[2], _local1, _inner2, At(3), relu: true);
            Convolve(filters.Local[3], _inner2, _local2, At(4), residual: _local1);
            Release(_inner2, 5);
            Release(_local1, 4);
            Probe?.Rows(block.Name, "LocalFeature", _local2, At(4));

            Convolver<TKernels>.Convolve(_bench, filters.Ffn, _global, _local2, block.Output, At(FfnStage));
            Release(_global, 6);
            Release(_local2, 6);
            if (follower is not null && At(FfnStage) is { Count: > 0 } made)
                following = follower.Follow(following, made.EndRow(_layout.Height), worker);
        }
        End();
    }

    public void Dispose()
    {
        foreach (RowMap window in Windows())
            window.Dispose();
        _mixed?.Dispose();
    }

    private RowMap[] Windows() => [_embed, _normed, _attended, _hiddenFirst, _hiddenSecond, _global, _inner, _local1, _inner2, _local2];

    /// <summary>21 rows stay alive between units; within one, five maps hold a unit of new rows at once.</summary>
    private static int PoolRows(in PhaseLayout layout) => Math.Min(32 + (6 * 4 * Convolver<TKernels>.StripsAtOnce(layout)), 11 * (layout.Height + 12));

    /// <summary>Brings the next unit's rows of a whole map nearer: those of large levels lie outside of a core's own caches.</summary>
    private void FetchNext(RowMap? map)
    {
        if (map is null || _layout.IsFolded)
            return;
        int first = (4 * _unit * (_unitIndex + 1)) + 1, end = Math.Min(first + (4 * _unit), _layout.Height);
        for (int y = first; y < end; y++)
            Cache.Fetch(map.Rows[y], map.Layout.RowStride);
    }

    /// <summary>Rows that a stage follows its input by; none where it follows the whole of it.</summary>
    private static int Lag(in PhaseLayout layout) => layout.IsFolded ? 0 : 1;

    private void Begin(int firstStrip, int endStrip, int stage)
    {
        End();   // whatever ended the last sweep, no row of it is left
        _band = new Strips(firstStrip, endStrip, stage * Lag(_layout));
        _unitIndex = Math.Max(firstStrip - _band.Shift, 0) / _unit;
    }

    private void End()
    {
        _embed.Clear();
        _normed.Clear();
        _attended.Clear();
        _hiddenFirst.Clear();
        _hiddenSecond.Clear();
        _global.Clear();
        _inner.Clear();
        _local1.Clear();
        _inner2.Clear();
        _local2.Clear();
    }

    /// <summary>The strips of this unit that the band needs of a stage: every 3x3 between it and the band's last stage asks for one more above.</summary>
    private Strips At(int stage)
    {
        int shift = stage * Lag(_layout);
        Strips all = Layout.Strips.Covering(_layout.Height, shift);
        int first = Math.Max(Math.Max(_band.First - (_band.Shift - shift), all.First), _unitIndex * _unit);
        int end = Math.Min(Math.Min(_band.End, all.End), (_unitIndex + 1) * _unit);
        return new(first, end, shift);
    }

    /// <summary>Gives back rows that the next unit does not read; <paramref name="reach"/>: how far above its first new row it reads.</summary>
    private void Release(RowMap window, int reach) => window.ReleaseBefore((4 * _unit * (_unitIndex + 1)) - reach);

    private void Convolve(WinogradFilter filter, RowMap input, RowMap output, Strips strips, RowMap? residual = null, bool relu = false)
        => Convolver<TKernels>.Convolve(_bench, filter, input, null, output, strips, residual, relu);

    private void Embed(BlockPass block, RowMap e, Strips strips)
    {
        FetchNext(block.Input);
        FetchNext(block.Second);
        if (block.Filters.EmbedOne is null)
            Convolver<TKernels>.Convolve(_bench, block.Filters.Embed, block.Input, block.Second, e, strips);
        else
            EmbedOne(block, e, strips);
        Probe?.Rows(block.Name, "embed", e, strips);
    }

    private void EmbedOne(BlockPass block, RowMap e, Strips strips)
    {
        for (int y = strips.FirstRow; y < strips.EndRow(_layout.Height); y++)
        {
            float* row = e.Produce(y);
            for (int o = 0; o < _layout.Channels; o += 4)
                TKernels.Direct3x3(block.Input.Rows.From(y - 1), block.Input.Layout, block.Filters.EmbedOne!.Pointer + (o * 9), row + ((nint)o * _layout.ChannelStride), null, null, false);
            HaloPixels.WriteRow(row, _layout, e.Border);
        }
    }

    private void Norm(BlockPass block, RowMap e, Strips strips)
    {
        if (strips.Count == 0)
            return;
        for (int y = strips.FirstRow; y < EndLine(strips); y++)
        {
            float* row = _normed.Produce(y);
            for (int part = 0; part < Parts; part++)
                TKernels.LayerNorm(e.Rows[y] + Part(part), row + Part(part), _layout, PartLength(strips), block.Filters.Norm1Weight.Pointer, block.Filters.Norm1Bias.Pointer);
            CloseLine(_normed, y);
        }
        CloseFolded(_normed, strips);
        Probe?.Rows(block.Name, "GlobalFeature.norm1", _normed, strips);
    }

    private void SumQueriesAndKeys(BlockPass block, Strips strips)
    {
        // q and k leave as the two halves of one convolution; they are summed and forgotten.
        for (int s = strips.First; s < strips.End; s++)
            block.SumsOf(s).Clear();
        Convolver<TKernels>.Convolve(_bench, block.Filters.Attention!.QueryKey, _normed, null, _hiddenFirst, strips, more: _hiddenSecond);
        for (int s = strips.First; s < strips.End; s++)
            fixed (double* sums = block.SumsOf(s))
            {
                int y = Math.Max(strips.RowOf(s), 0), end = Math.Min(strips.RowOf(s + 1), _layout.Height);
                TKernels.Gram(_hiddenFirst.Rows.From(y), _hiddenSecond.Rows.From(y), end - y, _layout, sums);
            }
        _hiddenFirst.Clear();
        _hiddenSecond.Clear();
    }

    private void ProjectIn(BlockFilters filters, Strips strips)
    {
        if (strips.Count == 0)
            return;
        int length = PartLength(strips);
        fixed (nint* offsets = _channelOffsets)
            for (int y = strips.FirstRow; y < EndLine(strips); y++)
            {
                float* normed = Mixed(y), first = _hiddenFirst.Produce(y), second = _hiddenSecond.Produce(y);
                for (int part = 0; part < Parts; part++)
                {
                    int at = Part(part);
                    TKernels.LayerNorm(_attended.Rows[y] + at, normed + at, _layout, length, null, null);
                    Project(filters.ProjectIn, 0, normed + at, offsets, first + at, null, length);
                    Project(filters.ProjectIn, _layout.Channels, normed + at, offsets, second + at, null, length);
                }
                CloseLine(_hiddenFirst, y);
                CloseLine(_hiddenSecond, y);
            }
        CloseFolded(_hiddenFirst, strips);
        CloseFolded(_hiddenSecond, strips);
    }

    private void GateAndProjectOut(BlockFilters filters, Strips strips)
    {
        if (strips.Count == 0)
            return;
        int length = PartLength(strips), tiles = _layout.IsFolded ? length : _layout.Line;
        fixed (nint* offsets = _channelOffsets)
            for (int y = strips.FirstRow; y < EndLine(strips); y++)
            {
                float* gated = Mixed(y), row = _global.Produce(y);
                TKernels.GroupedGate(_hiddenFirst.Rows.From(y - 1), _hiddenSecond.Rows.From(y - 1), _layout, tiles, filters.Grouped.Pointer, gated);
                for (int part = 0; part < Parts; part++)
                    Project(filters.ProjectOut, 0, gated + Part(part), offsets, row + Part(part), _attended.Rows[y] + Part(part), length);
                CloseLine(_global, y);
            }
        CloseFolded(_global, strips);
    }

    /// <summary>Outputs <paramref name="firstOutput"/> to firstOutput + d - 1 of a 1x1 on a run.</summary>
    private void Project(PointwiseFilter filter, int firstOutput, float* x, nint* offsets, float* y, float* residual, int length)
    {
        nint stride = _layout.ChannelStride;
        for (int o = 0; o < _layout.Channels; o += 8)
        {
            int group = (firstOutput + o) / 8;
            TKernels.Pointwise(x, offsets, filter.Inputs, filter.Group(group), filter.Bias(group), y + (o * stride), stride, residual == null ? null : residual + (o * stride), length);
        }
    }

    // Pointwise stages see a row as one run of all its phases; in a folded map they see rows 4 apart at once, phase by phase.
    private int EndLine(Strips strips) => _layout.IsFolded ? strips.FirstRow + Winograd.Tile : strips.EndRow(_layout.Height);

    private int Parts => _layout.IsFolded ? 4 : 1;

    private int Part(int part) => _layout.IsFolded ? _layout.Phase(part) : 0;

    private int PartLength(Strips strips) => _layout.IsFolded ? strips.RunLength(_layout) : _layout.ChannelStride;

    /// <summary>Where a stage keeps a row for its own use.</summary>
    private float* Mixed(int y) => _mixed is null ? _bench.Scratch : _mixed.Rows[y];

    private void CloseLine(RowMap map, int y)
    {
        if (!_layout.IsFolded)
            HaloPixels.WriteRow(map.Rows[y], _layout, map.Border);
    }

    private void CloseFolded(RowMap map, Strips strips)
    {
        if (_layout.IsFolded)
            Convolver<TKernels>.Close(map, strips);
    }
}
