using EmmaStream.Fusion.Weights;

namespace EmmaStream.Fusion.Network;

/// <summary>
/// One block of the U-Fuser, its consecutive linear steps merged into one where that is exact. Merged weights are computed in double and
/// kept as float32; all arrays are row-major [out, in, row, column], so a caller may take them as they are.
/// </summary>
public sealed class MergedBlock
{
    internal MergedBlock(WeightSet weights, BlockSpec spec)
    {
        float[] Of(string name) => weights[$"{spec.Name}.{name}"].Values;
        int d = spec.Channels;
        Spec = spec;
        Embed = Of("embed.weight");
        Norm1Weight = Of("GlobalFeature.norm1.body.weight");
        Norm1Bias = Of("GlobalFeature.norm1.body.bias");
        Scale = Of("GlobalFeature.attn.scale");
        Projection = Of("GlobalFeature.attn.proj.weight");

        double[] queryKeyValue = MergedAlgebra.PointwiseThen3x3(
            Of("GlobalFeature.attn.qkv1.weight"), Of("GlobalFeature.attn.qkv2.weight"), 3 * d, d);
        if (spec.HeadChannels == 1)
            DirectAttention = MergedAlgebra.Rounded(MergedAlgebra.Then1x1(queryKeyValue.AsSpan(2 * d * d * 9), Projection, d, d * 9));
        else
            QueryKeyValue = MergedAlgebra.Rounded(queryKeyValue);

        (ProjectIn, ProjectInBias) = MergedAlgebra.NormInto1x1(
            Of("GlobalFeature.norm2.body.weight"), Of("GlobalFeature.norm2.body.bias"), Of("GlobalFeature.mlp.project_in.weight"), 2 * d);
        Grouped = Of("GlobalFeature.mlp.dwconv.weight");
        Gate = MergedAlgebra.AffineThenGrouped3x3(ProjectIn, ProjectInBias, Grouped, d);
        ProjectOut = Of("GlobalFeature.mlp.project_out.weight");
        Local = [.. LocalConvolutions.Select(name => new BiasedConvolution(Of($"{name}.weight"), Of($"{name}.bias")))];
        Ffn = Of("FFN.weight");
    }

    private static readonly string[] LocalConvolutions =
    [
        "LocalFeature.Extraction.0.conv.0", "LocalFeature.Extraction.0.conv.2",
        "LocalFeature.Extraction.1.conv.0", "LocalFeature.Extraction.1.conv.2",
    ];

    /// <summary>Name and channels: ci in, d out.</summary>
    public BlockSpec Spec { get; }

    /// <summary>[d, ci, 3, 3], reflect padding.</summary>
    public float[] Embed { get; }

    /// <summary>[d]. norm1 stays as it is: its bias meets zero padding and cannot be merged.</summary>
    public float[] Norm1Weight { get; }

    /// <summary>[d].</summary>
    public float[] Norm1Bias { get; }

    /// <summary>
    /// Where a head has one channel (level 1): [d, d, 3, 3], zero padding; the whole attention including its projection, since softmax over
    /// one number is 1. Null elsewhere.
    /// </summary>
    public float[]? DirectAttention { get; }

    /// <summary>Where a head has several channels (levels 2 to 4): qkv1 and qkv2 in one, [3d, d, 3, 3], zero padding; rows in order q, k, v. Null at level 1.</summary>
    public float[]? QueryKeyValue { get; }

    /// <summary>One factor per head, [8]; without effect at level 1.</summary>
    public float[] Scale { get; }

    /// <summary>[d, d]: what follows attention; already in <see cref="DirectAttention"/> at level 1.</summary>
    public float[] Projection { get; }

    /// <summary>[2d, d]: project_in times norm2's weight. It takes (x - mean) / sqrt(variance + epsilon).</summary>
    public float[] ProjectIn { get; }

    /// <summary>[2d]: project_in of norm2's bias.</summary>
    public float[] ProjectInBias { get; }

    /// <summary>[2d, 2, 3, 3], d groups of two channels, reflect padding.</summary>
    public float[] Grouped { get; }

    /// <summary>
    /// <see cref="ProjectIn"/>, its bias and <see cref="Grouped"/> in one: [2d, d, 3, 3] and [2d], reflect padding. More multiplications, but a
    /// dense convolution; for engines whose grouped ones are slow (libtorch: 2 to 3 times slower than this).
    /// </summary>
    public BiasedConvolution Gate { get; }

    /// <summary>[d, d].</summary>
    public float[] ProjectOut { get; }

    /// <summary>The four convolutions of the local branch in their order, reflect padding: first (ReLU follows), second, first, second.</summary>
    public IReadOnlyList<BiasedConvolution> Local { get; }

    /// <summary>[d, 2d, 3, 3], reflect padding; takes the global feature first.</summary>
    public float[] Ffn { get; }
}

/// <summary>A 3x3 convolution with bias.</summary>
/// <param name="Weight">[out, in, 3, 3].</param>
/// <param name="Bias">[out].</param>
public sealed record BiasedConvolution(float[] Weight, float[] Bias);
