using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Cpu;

public sealed class EmmaCpuFuserTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_equals_the_published_network_on_noise(int threads)
        => Assert.InRange(Error(GoldenCase.Noise, GoldenCase.Weights, threads), 0, UFuserGolden.Tolerance);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void It_equals_the_published_network_where_every_level_matters(int threads)
        => Assert.InRange(Error(GoldenCase.Override, GoldenCase.OverrideWeights, threads), 0, UFuserGolden.OverrideTolerance);

    [Theory]
    [InlineData("crop", 1)]
    [InlineData("crop", 2)]
    [InlineData("odd8", 1)]
    [InlineData("odd8", 2)]
    [InlineData("real", 1)]
    [InlineData("real", 3)]
    public void It_equals_the_published_network_on_larger_pictures(string name, int threads)
    {
        GoldenCase? golden = GoldenCase.Shared(name);
        Assert.SkipWhen(golden is null, SharedData.Absent);
        Assert.InRange(Error(golden, GoldenCase.Weights, threads), 0, UFuserGolden.Tolerance);
    }

    private static double Error(GoldenCase golden, WeightSet weights, int threads)
    {
        using var fuser = new EmmaCpuFuser(weights, new() { Threads = threads });
        double error = UFuserGolden.LargestDifference(golden.Expected.Values, Fused.By(fuser, golden));
        TestContext.Current.TestOutputHelper?.WriteLine($"{golden.Width}x{golden.Height}, {threads} threads: {error:e2}");
        return error;
    }
}
