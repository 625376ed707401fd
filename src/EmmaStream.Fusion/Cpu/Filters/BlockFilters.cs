using EmmaStream.Fusion.Cpu.Layout;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Cpu.Filters;

/// <summary>The weights of one block, packed for the kernels. Only read once made; every worker shares them.</summary>
internal sealed unsafe class BlockFilters : IDisposable
{
    public BlockFilters(MergedBlock block)
    {
        int d = block.Spec.Channels;
        Spec = block.Spec;
        Embed = new WinogradFilter(block.Embed, d);
        if (Spec.InputChannels == 1)
            EmbedOne = new NativeFloats(GroupsOfFour(block.Embed, d));
        Norm1Weight = new NativeFloats(block.Norm1Weight);
        Norm1Bias = new NativeFloats(block.Norm1Bias);
        if (block.DirectAttention is not null)
            DirectAttention = new WinogradFilter(block.DirectAttention, d);
        else
            Attention = new AttentionFilters(block);
        ProjectIn = new PointwiseFilter(2 * d, d, (o, i) => block.ProjectIn[(o * d) + i], block.ProjectInBias);
        Grouped = new NativeFloats(block.Grouped);
        ProjectOut = new PointwiseFilter(d, d, (o, i) => block.ProjectOut[(o * d) + i]);
        Local = [.. block.Local.Select(c => new WinogradFilter(c.Weight, d, c.Bias))];
        Ffn = new WinogradFilter(block.Ffn, d);
    }

    public BlockSpec Spec { get; }

    /// <summary>Reflect padding.</summary>
    public WinogradFilter Embed { get; }

    /// <summary>The direct form of <see cref="Embed"/> where the input has one channel: [d / 4][9][4].</summary>
    public NativeFloats? EmbedOne { get; }

    public NativeFloats Norm1Weight { get; }

    public NativeFloats Norm1Bias { get; }

    /// <summary>The whole attention as one convolution, at level 1.</summary>
    public WinogradFilter? DirectAttention { get; }

    /// <summary>What attention is made of at the other levels.</summary>
    public AttentionFilters? Attention { get; }

    /// <summary>d to 2d, with bias.</summary>
    public PointwiseFilter ProjectIn { get; }

    /// <summary>[2d][2][9].</summary>
    public NativeFloats Grouped { get; }

    public PointwiseFilter ProjectOut { get; }

    /// <summary>The four convolutions of the local branch.</summary>
    public IReadOnlyList<WinogradFilter> Local { get; }

    /// <summary>2d to d, the global feature first.</summary>
    public WinogradFilter Ffn { get; }

    public void Dispose()
    {
        foreach (IDisposable? part in (ReadOnlySpan<IDisposable?>)[Embed, EmbedOne, Norm1Weight, Norm1Bias, DirectAttention, Attention, ProjectIn, Grouped, ProjectOut, .. Local, Ffn])
            part?.Dispose();
    }

    /// <summary>[d, 1, 3, 3] as [d / 4][9][4].</summary>
    private static float[] GroupsOfFour(float[] taps, int outputs)
    {
        var packed = new float[taps.Length];
        for (int o = 0; o < outputs; o++)
            for (int t = 0; t < 9; t++)
                packed[(o / 4 * 36) + (t * 4) + (o % 4)] = taps[(o * 9) + t];
        return packed;
    }
}
