using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>What one worker needs besides feature maps: the transformed inputs and products of a block of tiles, and rows that nobody reads.</summary>
internal sealed unsafe class Workbench : IDisposable
{
    private const int LargestInputs = 64;
    private readonly NativeFloats _points = new((Winograd.Points * (long)Winograd.InputStride(LargestInputs)) + PhaseLayout.Slack);
    private readonly NativeFloats _products = new(Winograd.ProductFloats + PhaseLayout.Slack);
    private readonly NativeFloats _unread;
    private readonly NativeFloats _scratch;
    private readonly NativeFloats _offsets = new(MostOffsets * 2);

    private const int MostOffsets = 9 * 32;

    /// <param name="largestRow">Floats in the largest row of the network.</param>
    public Workbench(int largestRow)
    {
        _unread = new NativeFloats(largestRow + PhaseLayout.Slack);
        _scratch = new NativeFloats(ScratchFloats(largestRow));
    }

    /// <summary>Transformed inputs, [6][channel][6][tile].</summary>
    public float* Points => _points.Pointer;

    /// <summary>Products of 8 outputs.</summary>
    public float* Products => _products.Pointer;

    /// <summary>A row to write rows to that lie outside of the map.</summary>
    public float* Unread => _unread.Pointer;

    /// <summary>Memory of a layer for the time of one band: room for 12 of the largest rows.</summary>
    public float* Scratch => _scratch.Pointer;

    /// <summary>Input offsets of a pointwise call, filled by the layer.</summary>
    public nint* Offsets => (nint*)_offsets.Pointer;

    /// <summary>Memory that a workbench takes, in floats.</summary>
    public static long Floats(int largestRow)
        => (Winograd.Points * (long)Winograd.InputStride(LargestInputs)) + Winograd.ProductFloats + ScratchFloats(largestRow) + largestRow + (4 * PhaseLayout.Slack) + (2 * MostOffsets);

    public void Dispose()
    {
        foreach (NativeFloats memory in (ReadOnlySpan<NativeFloats>)[_points, _products, _unread, _scratch, _offsets])
            memory.Dispose();
    }

    private static long ScratchFloats(int largestRow) => (12L * largestRow) + PhaseLayout.Slack;
}
