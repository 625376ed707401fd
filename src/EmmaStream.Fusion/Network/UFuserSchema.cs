using EmmaStream.Fusion.Weights;

namespace EmmaStream.Fusion.Network;

/// <summary>One of the 16 equal blocks of the U-Fuser.</summary>
/// <param name="Name">Prefix of its tensors, like <c>V_en_1</c>.</param>
/// <param name="InputChannels">Channels that it takes.</param>
/// <param name="Channels">Channels that it works with and gives.</param>
public sealed record BlockSpec(string Name, int InputChannels, int Channels)
{
    /// <summary>Channels of one of the <see cref="UFuserSchema.Heads"/> attention heads.</summary>
    public int HeadChannels => Channels / UFuserSchema.Heads;
}

/// <summary>
/// The structure of EMMA's U-Fuser as its authors published it: 16 blocks on 4 levels, 347 tensors, 1,517,657 parameters. Level k works at
/// 1/2^(k-1) of the picture's width and height. Names and order are those of the authors' state_dict.
/// </summary>
public static class UFuserSchema
{
    /// <summary>Attention heads of every block.</summary>
    public const int Heads = 8;

    /// <summary>What LayerNorm adds to the variance.</summary>
    public const double NormEpsilon = 1e-5;

    /// <summary>Smallest factor of a norm that q and k rows are divided by.</summary>
    public const double SmallestRowNorm = 1e-12;

    /// <summary>Width and height must be multiples of this.</summary>
    public const int SizeStep = 8;

    /// <summary>Smallest width and height.</summary>
    public const int SmallestSize = 16;

    /// <summary>Channels of levels 1 to 4.</summary>
    public static IReadOnlyList<int> LevelChannels { get; } = [8, 16, 32, 32];

    /// <summary>Encoder of the visible picture, levels 1 to 4: V_en_1..4.</summary>
    public static IReadOnlyList<BlockSpec> VisibleEncoder { get; } = Encoder("V");

    /// <summary>Encoder of the infrared picture, levels 1 to 4: I_en_1..4.</summary>
    public static IReadOnlyList<BlockSpec> InfraredEncoder { get; } = Encoder("I");

    /// <summary>Blocks that make one feature of both encoders', infrared first, levels 1 to 4: f_1..4.</summary>
    public static IReadOnlyList<BlockSpec> Fusion { get; } =
        [.. Enumerable.Range(0, 4).Select(level => new BlockSpec($"f_{level + 1}", 2 * LevelChannels[level], LevelChannels[level]))];

    /// <summary>Decoder, levels 1 to 4: de_1..4. The upper three take what comes from below and the fused feature of their level.</summary>
    public static IReadOnlyList<BlockSpec> Decoder { get; } =
        [new("de_1", 16, 8), new("de_2", 32, 16), new("de_3", 64, 32), new("de_4", 32, 32)];

    /// <summary>All tensors in state_dict order.</summary>
    public static WeightSchema Schema { get; } = new("EMMA's U-Fuser", [.. AllTensors()]);

    /// <summary>Holds a set against <see cref="Schema"/>.</summary>
    /// <exception cref="Core.Faults.Fault">It differs; everything that differs is listed at once.</exception>
    public static void Check(WeightSet weights) => Schema.Check(weights);

    private static BlockSpec[] Encoder(string stream) =>
        [.. Enumerable.Range(0, 4).Select(level => new BlockSpec($"{stream}_en_{level + 1}", level == 0 ? 1 : LevelChannels[level - 1], LevelChannels[level]))];

    private static IEnumerable<TensorSpec> AllTensors()
    {
        foreach (BlockSpec block in VisibleEncoder.Concat(InfraredEncoder).Concat(Fusion))
        {
            foreach (TensorSpec tensor in BlockTensors(block))
                yield return tensor;
        }
        foreach (string stream in new[] { "V", "I" })
        {
            for (int level = 0; level < 3; level++)
                yield return new($"{stream}_down{level + 1}.weight", [LevelChannels[level], LevelChannels[level], 3, 3]);
        }
        for (int level = 3; level > 0; level--)
            yield return new($"up{level + 1}.0.weight", [LevelChannels[level], LevelChannels[level - 1], 4, 4]);
        foreach (TensorSpec tensor in Decoder.SelectMany(BlockTensors))
            yield return tensor;
        yield return new("last.0.weight", [1, LevelChannels[0], 3, 3]);
        yield return new("last.0.bias", [1]);
    }

    private static IEnumerable<TensorSpec> BlockTensors(BlockSpec block)
    {
        int d = block.Channels;
        (string Name, int[] Shape)[] tensors =
        [
            ("embed.weight", [d, block.InputChannels, 3, 3]),
            ("GlobalFeature.norm1.body.weight", [d]),
            ("GlobalFeature.norm1.body.bias", [d]),
            ("GlobalFeature.attn.scale", [Heads, 1, 1]),
            ("GlobalFeature.attn.qkv1.weight", [3 * d, d, 1, 1]),
            ("GlobalFeature.attn.qkv2.weight", [3 * d, 3 * d, 3, 3]),
            ("GlobalFeature.attn.proj.weight", [d, d, 1, 1]),
            ("GlobalFeature.norm2.body.weight", [d]),
            ("GlobalFeature.norm2.body.bias", [d]),
            ("GlobalFeature.mlp.project_in.weight", [2 * d, d, 1, 1]),
            ("GlobalFeature.mlp.dwconv.weight", [2 * d, 2, 3, 3]),
            ("GlobalFeature.mlp.project_out.weight", [d, d, 1, 1]),
            .. LocalTensors(d, 0),
            .. LocalTensors(d, 1),
            ("FFN.weight", [d, 2 * d, 3, 3]),
        ];
        return tensors.Select(t => new TensorSpec($"{block.Name}.{t.Name}", t.Shape));
    }

    private static IEnumerable<(string Name, int[] Shape)> LocalTensors(int d, int extraction)
    {
        foreach (int conv in (int[])[0, 2])
        {
            yield return ($"LocalFeature.Extraction.{extraction}.conv.{conv}.weight", [d, d, 3, 3]);
            yield return ($"LocalFeature.Extraction.{extraction}.conv.{conv}.bias", [d]);
        }
    }
}
