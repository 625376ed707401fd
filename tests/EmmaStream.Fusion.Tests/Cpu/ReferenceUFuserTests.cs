using EmmaStream.Fusion.Cpu.Reference;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Cpu;

public sealed class ReferenceUFuserTests
{
    [Fact]
    public void The_reference_equals_the_published_network_on_noise()
        => Assert.InRange(Error(GoldenCase.Noise, GoldenCase.Weights), 0, UFuserGolden.Tolerance);

    [Fact]
    public void The_reference_equals_the_published_network_where_every_level_matters()
        => Assert.InRange(Error(GoldenCase.Override, GoldenCase.OverrideWeights), 0, UFuserGolden.OverrideTolerance);

    [Theory]
    [InlineData("crop")]
    [InlineData("odd8")]
    [InlineData("real")]
    [Trait("Duration", "long")]
    public void The_reference_equals_the_published_network_on_larger_pictures(string name)
    {
        GoldenCase? golden = GoldenCase.Shared(name);
        Assert.SkipWhen(golden is null, SharedData.Absent);
        Assert.InRange(Error(golden, GoldenCase.Weights), 0, UFuserGolden.Tolerance);
    }

    private static double Error(GoldenCase golden, WeightSet weights)
    {
        var network = new ReferenceUFuser(weights);
        int pixels = golden.Width * golden.Height;
        return Enumerable.Range(0, golden.Count).Max(i =>
        {
            Planes Picture(NpyFile file)
            {
                var planes = new Planes(1, golden.Height, golden.Width);
                file.Values.AsSpan(i * pixels, pixels).CopyTo(planes.Values);
                return planes;
            }
            Planes fused = network.Fuse(Picture(golden.Infrared), Picture(golden.Visible));
            double error = UFuserGolden.LargestDifference(golden.Expected.Values.AsSpan(i * pixels, pixels), fused.Values);
            TestContext.Current.TestOutputHelper?.WriteLine($"{golden.Width}x{golden.Height}: {error:e2}");
            return error;
        });
    }
}
