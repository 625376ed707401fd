using System.IO.Compression;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using EmmaStream.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Tests.Network;

public class WeightFormats
{
    [Fact]
    public void A_genuine_zip_state_dict_gives_the_golden_output()
    {
        string? path = SharedData.TryPath("golden", "ufuser", "weights.pth.gz");
        Assert.SkipWhen(path is null, SharedData.Absent);
        using TemporaryFolder folder = new();
        using (GZipStream packed = new(File.OpenRead(path), CompressionMode.Decompress))
        using (FileStream file = File.Create(folder["weights.pth"]))
            packed.CopyTo(file);
        AssertGolden(WeightFile.Load(folder["weights.pth"]));
    }

    [Fact]
    public void What_is_saved_in_either_format_gives_the_golden_output_again()
    {
        using TemporaryFolder folder = new();
        WeightSet weights = GoldenCases.Weights();
        SafetensorsFile.Save(folder["a"], weights);
        TorchZipFile.Save(folder["b"], weights);
        AssertGolden(WeightFile.Load(folder["a"]));
        AssertGolden(WeightFile.Load(folder["b"]));
    }

    private static void AssertGolden(WeightSet weights)
    {
        using MergedUFuser network = new(new MergedWeights(weights));
        using Tensor ir = GoldenCases.AsTensor(UFuserGolden.Array("input_ir")), vi = GoldenCases.AsTensor(UFuserGolden.Array("input_vi"));
        using Tensor output = network.Forward(ir, vi);
        Assert.InRange(GoldenCases.LargestDifference(UFuserGolden.Array("output"), output), 0, UFuserGolden.Tolerance);
    }
}
