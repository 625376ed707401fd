using System.Text;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Onnx;
using EmmaStream.Fusion.Tests.Cpu;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Onnx;

public sealed class OnnxModelTests
{
    [Fact]
    public void It_equals_the_published_network_on_noise()
        => Assert.InRange(Error(GoldenCase.Noise, GoldenCase.Weights), 0, UFuserGolden.Tolerance);

    [Fact]
    public void It_equals_the_published_network_where_every_level_matters()
        => Assert.InRange(Error(GoldenCase.Override, GoldenCase.OverrideWeights), 0, UFuserGolden.OverrideTolerance);

    [Theory]
    [InlineData("crop")]
    [InlineData("odd8")]
    [InlineData("real")]
    public void It_equals_the_published_network_on_larger_pictures_and_batches(string name)
    {
        GoldenCase? golden = GoldenCase.Shared(name);
        Assert.SkipWhen(golden is null, SharedData.Absent);
        Assert.InRange(Error(golden, GoldenCase.Weights), 0, UFuserGolden.Tolerance);
    }

    [Fact]
    public void One_session_takes_any_size_and_batch()
    {
        WeightSet weights = GoldenCase.OverrideWeights;
        using OnnxSession session = new(weights);
        using EmmaCpuFuser fuser = new(weights);
        foreach ((int width, int height, int count) in ((int, int, int)[])[(40, 24, 3), (16, 16, 1), (24, 40, 2)])
        {
            float[] ir = Fused.Noise(count * width * height, 1), vi = Fused.Noise(count * width * height, 2);
            double error = UFuserGolden.LargestDifference(Fused.By(fuser, ir, vi, width, height, count), session.Fuse(ir, vi, width, height, count));
            TestContext.Current.TestOutputHelper?.WriteLine($"{count} times {width}x{height}: {error:e2}");
            Assert.InRange(error, 0, UFuserGolden.OverrideTolerance);
        }
    }

    [Fact]
    public void It_says_who_made_it_of_what()
    {
        using OnnxSession session = new(GoldenCase.Weights);
        Assert.Equal("EmmaStream", session.Inference.ModelMetadata.ProducerName);
        Assert.Equal("weights.safetensors", session.Inference.ModelMetadata.CustomMetadataMap["origin"]);
        Assert.Equal("1517657", session.Inference.ModelMetadata.CustomMetadataMap["parameters"]);
        Assert.Equal([OnnxModel.Infrared, OnnxModel.Visible], session.Inference.InputNames);
        Assert.Equal([OnnxModel.Fused], session.Inference.OutputNames);
        Assert.All(session.Inference.InputMetadata.Values, input => Assert.Equal([-1, 1, -1, -1], input.Dimensions));
        Assert.All(session.Inference.InputMetadata.Values, input => Assert.Equal(["N", "", "H", "W"], input.SymbolicDimensions));
    }

    [Fact]
    public void It_is_the_same_file_each_time_and_holds_no_path()
    {
        using TemporaryFolder folder = new();
        OnnxModel.Save(folder["a"], GoldenCase.Weights);
        OnnxModel.Save(folder["b"], GoldenCase.Weights);
        byte[] file = File.ReadAllBytes(folder["a"]);
        Assert.Equal(file, File.ReadAllBytes(folder["b"]));
        Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Path.GetDirectoryName(UFuserGolden.Weights)!)));
        Assert.Equal(["a", "b"], folder.Names);
    }

    [Fact]
    public void Weights_of_another_network_or_no_folder_are_told_and_leave_nothing()
    {
        using TemporaryFolder folder = new();
        WeightSet other = new("here", GoldenCase.Weights.Tensors.Skip(1));
        Assert.Contains("V_en_1.embed.weight", Assert.Throws<Fault>(() => OnnxModel.Save(folder["w"], other)).Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.Output, Assert.Throws<Fault>(() => OnnxModel.Save(folder["absent/w"], GoldenCase.Weights)).Kind);
        Assert.Empty(folder.Names);
    }

    private static double Error(GoldenCase golden, WeightSet weights)
    {
        using OnnxSession session = new(weights);
        float[] fused = session.Fuse(golden.Infrared.Values, golden.Visible.Values, golden.Width, golden.Height, golden.Count);
        double error = UFuserGolden.LargestDifference(golden.Expected.Values, fused);
        TestContext.Current.TestOutputHelper?.WriteLine($"{golden.Count} times {golden.Width}x{golden.Height}: {error:e2}");
        return error;
    }
}
