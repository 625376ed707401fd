using EmmaStream.Fusion.Weights;

namespace EmmaStream.Fusion.Network;

/// <summary>
/// The U-Fuser's weights with everything merged that is exact in inference, as plain arrays for any engine: 60 % of the original
/// multiplications. What depends on the frame (softmax, then projection times attention) is left to the engine. Lists are by level, 1 first.
/// </summary>
public sealed class MergedWeights
{
    /// <summary>Merges a checked set; takes a few milliseconds.</summary>
    /// <exception cref="Core.Faults.Fault">The set is not the U-Fuser's; see <see cref="UFuserSchema.Check"/>.</exception>
    public MergedWeights(WeightSet weights)
    {
        UFuserSchema.Check(weights);
        MergedBlock[] Blocks(IReadOnlyList<BlockSpec> specs) => [.. specs.Select(spec => new MergedBlock(weights, spec))];
        InfraredEncoder = Blocks(UFuserSchema.InfraredEncoder);
        VisibleEncoder = Blocks(UFuserSchema.VisibleEncoder);
        Fusion = Blocks(UFuserSchema.Fusion);
        Decoder = Blocks(UFuserSchema.Decoder);
        InfraredDown = [.. Enumerable.Range(1, 3).Select(level => weights[$"I_down{level}.weight"].Values)];
        VisibleDown = [.. Enumerable.Range(1, 3).Select(level => weights[$"V_down{level}.weight"].Values)];
        Up = [.. Enumerable.Range(2, 3).Select(level => weights[$"up{level}.0.weight"].Values)];
        Last = weights["last.0.weight"].Values;
        LastBias = weights["last.0.bias"].Values;
    }

    /// <summary>I_en_1..4.</summary>
    public IReadOnlyList<MergedBlock> InfraredEncoder { get; }

    /// <summary>V_en_1..4.</summary>
    public IReadOnlyList<MergedBlock> VisibleEncoder { get; }

    /// <summary>f_1..4; the infrared feature comes first.</summary>
    public IReadOnlyList<MergedBlock> Fusion { get; }

    /// <summary>de_1..4; what comes from below precedes the fused feature.</summary>
    public IReadOnlyList<MergedBlock> Decoder { get; }

    /// <summary>I_down1..3, each [c, c, 3, 3], stride 2, reflect padding.</summary>
    public IReadOnlyList<float[]> InfraredDown { get; }

    /// <summary>V_down1..3.</summary>
    public IReadOnlyList<float[]> VisibleDown { get; }

    /// <summary>up2..up4: transposed 4x4, stride 2, padding 1, [in, out, 4, 4]; ReLU follows.</summary>
    public IReadOnlyList<float[]> Up { get; }

    /// <summary>[1, 8, 3, 3], reflect padding; the sigmoid follows.</summary>
    public float[] Last { get; }

    /// <summary>[1].</summary>
    public float[] LastBias { get; }
}
