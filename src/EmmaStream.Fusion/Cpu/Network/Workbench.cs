using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>What one worker needs besides feature maps: the transformed inputs and products of a block of tiles, and rows that nobody reads.</summary>
internal sealed unsafe class Workbench
{
    private const int LargestInputs = 64;
    private const int MostOffsets = 9 * 32;
    private const int ScratchRows = 12;

    /// <param name="memory"><see cref="Floats"/> floats are carved from it.</param>
    /// <param name="largestRow">Floats in the largest row of the network.</param>
    public Workbench(NativeFloats memory, int largestRow)
    {
        Points = memory.Carve(PointFloats);
        Products = memory.Carve(Winograd.ProductFloats + PhaseLayout.Slack);
        Unread = memory.Carve(largestRow + PhaseLayout.Slack);
        Scratch = memory.Carve(((long)ScratchRows * largestRow) + PhaseLayout.Slack);
        Offsets = (nint*)memory.Carve(2 * MostOffsets);
    }

    /// <summary>Transformed inputs, [6][channel][6][tile].</summary>
    public float* Points { get; }

    /// <summary>Products of 8 outputs.</summary>
    public float* Products { get; }

    /// <summary>A row to write rows to that lie outside of the map.</summary>
    public float* Unread { get; }

    /// <summary>Memory of a layer for the time of one band: room for 12 of the largest rows.</summary>
    public float* Scratch { get; }

    /// <summary>Input offsets of a pointwise call, filled by the layer.</summary>
    public nint* Offsets { get; }

    private static long PointFloats => (Winograd.Points * (long)Winograd.InputStride(LargestInputs)) + PhaseLayout.Slack;

    /// <summary>Memory that a workbench takes, in floats.</summary>
    public static long Floats(int largestRow)
        => NativeFloats.Carved(PointFloats) + NativeFloats.Carved(Winograd.ProductFloats + PhaseLayout.Slack)
            + NativeFloats.Carved(largestRow + PhaseLayout.Slack) + NativeFloats.Carved(((long)ScratchRows * largestRow) + PhaseLayout.Slack)
            + NativeFloats.Carved(2 * MostOffsets);
}
