namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>What a 3x3 convolution finds outside of a feature map. Each map has one kind of consumer, so the border belongs to the map.</summary>
internal enum Border
{
    /// <summary>Index -1 reads index 1: the edge is not repeated.</summary>
    Reflect,

    /// <summary>Zero.</summary>
    Zero,
}
