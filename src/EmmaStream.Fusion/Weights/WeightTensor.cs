namespace EmmaStream.Fusion.Weights;

/// <summary>One named tensor of a weights file.</summary>
/// <param name="Name">Its path in the network, like <c>V_en_1.embed.weight</c>.</param>
/// <param name="Shape">Extents, outermost first; empty for a scalar.</param>
/// <param name="Values">All values in row-major order, as float32; their number is the product of the extents.</param>
public sealed record WeightTensor(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>The shape as "16x8x3x3"; "scalar" without extents.</summary>
    public string ShapeText => Shape.Count == 0 ? "scalar" : string.Join('x', Shape);
}
