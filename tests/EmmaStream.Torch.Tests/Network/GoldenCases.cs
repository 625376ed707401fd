using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Tests.Network;

/// <summary>The golden cases of the published U-Fuser as tensors.</summary>
internal static class GoldenCases
{
    public static IReadOnlyList<string> Shared { get; } = ["noise", "crop", "odd8", "real"];

    public static WeightSet Weights() => WeightFile.Load(UFuserGolden.Weights);

    /// <summary>The weights of the override case, in which levels 3 and 4 and the attention scale reach the output.</summary>
    public static WeightSet OverriddenWeights() => new("override", Weights().Tensors.Select(t => t with
    {
        Values = t.Name switch
        {
            _ when t.Name.EndsWith("attn.scale", StringComparison.Ordinal) => [.. Enumerable.Range(0, 8).Select(h => 2f * (h + 1))],
            _ when t.Name.EndsWith("attn.proj.weight", StringComparison.Ordinal) => Array.ConvertAll(t.Values, v => v * 4f),
            "up4.0.weight" or "up3.0.weight" => Array.ConvertAll(t.Values, v => v * -0.125f),
            _ => t.Values,
        },
    }));

    public static Tensor AsTensor(NpyFile file) => tensor(file.Values, [.. file.Shape.Select(extent => (long)extent)]);

    /// <summary>Array of a case under ../shared; skips the test where that is absent.</summary>
    public static NpyFile FromShared(string name, string array)
    {
        string? path = SharedData.TryPath("golden", "ufuser", name, $"{array}.npy");
        Assert.SkipWhen(path is null, SharedData.Absent);
        return NpyFile.Load(path);
    }

    public static double LargestDifference(NpyFile expected, Tensor actual)
    {
        Assert.Equal(expected.Shape.Select(extent => (long)extent), actual.shape);
        using Tensor flat = actual.cpu().contiguous();
        return UFuserGolden.LargestDifference(expected.Values, flat.data<float>().ToArray());
    }
}
