using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Cpu.Reference;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Cpu;

public sealed class SizeTests
{
    // Levels 3 and 4 of 24x40 are 6x10 and 3x5: tiles and strips straddle the edges. 17x31 and 49x18 are padded.
    [Theory]
    [InlineData(16, 16)]
    [InlineData(24, 40)]
    [InlineData(40, 24)]
    [InlineData(17, 31)]
    [InlineData(49, 18)]
    [InlineData(104, 16)]
    [InlineData(16, 88)]
    [InlineData(72, 56)]
    public void Any_size_equals_the_reference_on_the_reflected_picture(int width, int height)
    {
        float[] ir = Fused.Noise(width * height, 1), vi = Fused.Noise(width * height, 2);
        using var fuser = new EmmaCpuFuser(GoldenCase.OverrideWeights, new() { Threads = 2 });
        float[] fused = Fused.By(fuser, ir, vi, width, height);

        (int paddedWidth, int paddedHeight) = (Padded(width), Padded(height));
        Planes expected = new ReferenceUFuser(GoldenCase.OverrideWeights).Fuse(Reflected(ir, width, height), Reflected(vi, width, height));
        double error = 0;
        for (int y = 0; y < height; y++)
            error = Math.Max(error, UFuserGolden.LargestDifference(expected.Channel(0).Slice(y * paddedWidth, width), fused.AsSpan(y * width, width)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{width}x{height} padded to {paddedWidth}x{paddedHeight}: {error:e2}");
        Assert.InRange(error, 0, UFuserGolden.OverrideTolerance);
    }

    [Theory]
    [InlineData(1000, 40)]
    [InlineData(40, 1000)]
    [InlineData(648, 488)]
    [Trait("Duration", "long")]
    public void Long_rows_and_many_rows_equal_the_reference(int width, int height)
        => Any_size_equals_the_reference_on_the_reflected_picture(width, height);

    [Fact]
    public void Sizes_may_differ_within_a_call_and_return()
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights);
        float[] noise = Fused.Noise(48 * 48, 4), other = Fused.Noise(48 * 48, 5);
        float[] first = Fused.By(fuser, noise, other, 48, 48);
        Fused.By(fuser, noise, other, 24, 32);
        Assert.Equal(first, Fused.By(fuser, noise, other, 48, 48));
    }

    [Fact]
    public void A_picture_below_16_pixels_is_refused_by_name()
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights);
        Fault fault = Assert.Throws<Fault>(() => Fused.By(fuser, new float[15 * 64], new float[15 * 64], 15, 64));
        Assert.Contains("15x64", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_over_the_memory_budget_is_refused_before_memory_is_taken()
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { MemoryBudgetBytes = 8 << 20 });
        Fault fault = Assert.Throws<Fault>(() => Fused.By(fuser, new float[640 * 480], new float[640 * 480], 640, 480));
        Assert.Contains("the budget is 8 MiB", fault.Message, StringComparison.Ordinal);
    }

    private static int Padded(int n) => Math.Max((n + 7) / 8 * 8, 16);

    private static Planes Reflected(float[] picture, int width, int height)
    {
        var planes = new Planes(1, Padded(height), Padded(width));
        for (int y = 0; y < planes.Height; y++)
            for (int x = 0; x < planes.Width; x++)
                planes[0, y, x] = picture[(Math.Min(y, (2 * height) - 2 - y) * width) + Math.Min(x, (2 * width) - 2 - x)];
        return planes;
    }
}
