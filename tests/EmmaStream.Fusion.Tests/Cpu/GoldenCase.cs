using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Cpu;

/// <summary>A golden case of the U-Fuser: pairs in, the published network's output. The noise case lies in the repository, the others in ../shared.</summary>
/// <param name="Infrared">[B, 1, H, W].</param>
/// <param name="Visible">Likewise.</param>
/// <param name="Expected">Likewise.</param>
internal sealed record GoldenCase(NpyFile Infrared, NpyFile Visible, NpyFile Expected)
{
    public int Count => Infrared.Shape[0];

    public int Height => Infrared.Shape[2];

    public int Width => Infrared.Shape[3];

    public static WeightSet Weights => WeightFile.Load(UFuserGolden.Weights);

    public static GoldenCase Noise => new(UFuserGolden.Array("input_ir"), UFuserGolden.Array("input_vi"), UFuserGolden.Array("output"));

    /// <summary>The noise case with weights changed so that every level and the attention matter.</summary>
    public static GoldenCase Override => Noise with { Expected = UFuserGolden.Array("output_override") };

    public static WeightSet OverrideWeights
    {
        get
        {
            static float Factor(string name) => name is "up4.0.weight" or "up3.0.weight" ? -0.125f : name.EndsWith("attn.proj.weight", StringComparison.Ordinal) ? 4 : 1;
            return new("override", Weights.Tensors.Select(t => t with
            {
                Values = t.Name.EndsWith("attn.scale", StringComparison.Ordinal)
                    ? [.. Enumerable.Range(1, 8).Select(h => 2f * h)]
                    : [.. t.Values.Select(v => v * Factor(t.Name))],
            }));
        }
    }

    /// <summary>A case of ../shared; null where it is absent.</summary>
    public static GoldenCase? Shared(string name)
    {
        NpyFile? Array(string part) => SharedData.TryPath("golden", "ufuser", name, part + ".npy") is { } path ? NpyFile.Load(path) : null;
        return Array("input_ir") is { } ir ? new(ir, Array("input_vi")!, Array("output")!) : null;
    }
}
