using EmmaStream.Fusion.Cpu.Layout;
using EmmaStream.Fusion.Cpu.Network;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Cpu.Filters;

/// <summary>All weights of the network, packed for the kernels. Lists are by level, 1 first; downs lead from their level, ups to theirs.</summary>
internal sealed class UFuserFilters : IDisposable
{
    public UFuserFilters(MergedWeights weights)
    {
        IReadOnlyList<BlockFilters> Blocks(IReadOnlyList<MergedBlock> blocks) => [.. blocks.Select(b => new BlockFilters(b))];
        IReadOnlyList<PointwiseFilter> Downs(IReadOnlyList<float[]> downs)
            => [.. downs.Select((taps, level) => DownLayer<ScalarKernels>.Filter(taps, UFuserSchema.LevelChannels[level]))];
        InfraredEncoder = Blocks(weights.InfraredEncoder);
        VisibleEncoder = Blocks(weights.VisibleEncoder);
        Fusion = Blocks(weights.Fusion);
        Decoder = Blocks(weights.Decoder);
        InfraredDown = Downs(weights.InfraredDown);
        VisibleDown = Downs(weights.VisibleDown);
        Up = [.. weights.Up.Select((taps, level) => UpLayer<ScalarKernels>.Filters(taps, UFuserSchema.LevelChannels[level + 1], UFuserSchema.LevelChannels[level]))];
        Last = new NativeFloats(weights.Last);
        LastBias = weights.LastBias[0];
    }

    public IReadOnlyList<BlockFilters> InfraredEncoder { get; }

    public IReadOnlyList<BlockFilters> VisibleEncoder { get; }

    public IReadOnlyList<BlockFilters> Fusion { get; }

    public IReadOnlyList<BlockFilters> Decoder { get; }

    public IReadOnlyList<PointwiseFilter> InfraredDown { get; }

    public IReadOnlyList<PointwiseFilter> VisibleDown { get; }

    public IReadOnlyList<IReadOnlyList<PointwiseFilter>> Up { get; }

    /// <summary>[8][9].</summary>
    public NativeFloats Last { get; }

    public float LastBias { get; }

    public void Dispose()
    {
        foreach (BlockFilters block in InfraredEncoder.Concat(VisibleEncoder).Concat(Fusion).Concat(Decoder))
            block.Dispose();
        foreach (PointwiseFilter filter in InfraredDown.Concat(VisibleDown).Concat(Up.SelectMany(f => f)))
            filter.Dispose();
        Last.Dispose();
    }
}
