using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>One block of the network bound to its feature maps for one picture size, with what the frame leaves in it.</summary>
internal sealed class BlockPass : IDisposable
{
    private readonly double[] _stripSums;
    private readonly double[] _sums;

    /// <param name="filters">The block's weights.</param>
    /// <param name="input">Its input.</param>
    /// <param name="second">Its further input channels, if the input is a concatenation.</param>
    /// <param name="embedded">Room for the embedded feature where attention needs a sweep of its own; else null.</param>
    /// <param name="output">Receives its result.</param>
    public BlockPass(BlockFilters filters, RowMap input, RowMap? second, RowMap? embedded, RowMap output)
    {
        (Filters, Input, Second, Embedded, Output) = (filters, input, second, embedded, output);
        if (filters.Attention is null)
        {
            Attention = filters.DirectAttention!;
            _stripSums = _sums = [];
            return;
        }
        Attention = new WinogradFilter(filters.Spec.Channels, filters.Spec.Channels);
        _sums = new double[filters.Attention.SumsPerStrip];
        _stripSums = new double[_sums.Length * Strips.Covering(output.Layout.Height, 1).End];
    }

    public string Name => Filters.Spec.Name;

    public BlockFilters Filters { get; }

    public RowMap Input { get; }

    public RowMap? Second { get; }

    public RowMap? Embedded { get; }

    public RowMap Output { get; }

    /// <summary>Attention with projection as one convolution of the normed feature; made anew for each frame at levels 2 to 4.</summary>
    public WinogradFilter Attention { get; }

    /// <summary>Where the sums of one strip go.</summary>
    public Span<double> SumsOf(int strip) => _stripSums.AsSpan(strip * _sums.Length, _sums.Length);

    /// <summary>Makes this frame's attention of the sums of all strips, added in their order whoever made them.</summary>
    public void FinishAttention()
    {
        if (Filters.Attention is null)
            return;
        Array.Clear(_sums);
        for (ReadOnlySpan<double> strips = _stripSums; strips.Length > 0; strips = strips[_sums.Length..])
            for (int i = 0; i < _sums.Length; i++)
                _sums[i] += strips[i];
        Filters.Attention.Combine(_sums, Attention);
    }

    public void Dispose()
    {
        if (Filters.Attention is not null)
            Attention.Dispose();
    }
}
