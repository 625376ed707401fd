using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Classical;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Reduced;
using EmmaStream.Fusion.Tests.Cpu;

namespace EmmaStream.Fusion.Tests.Reduced;

public sealed class ReducedSizeFuserTests
{
    [Theory]
    [InlineData(64, 48, FusionScale.Half)]
    [InlineData(64, 48, FusionScale.Quarter)]
    [InlineData(77, 53, FusionScale.Half)]
    [InlineData(77, 53, FusionScale.Quarter)]
    [InlineData(91, 130, FusionScale.Quarter)]
    public void A_result_that_is_linear_in_its_sources_comes_back_at_full_detail(int width, int height, FusionScale scale)
    {
        float[] ir = Fused.Noise(width * height, 1), vi = Fused.Noise(width * height, 2);
        using var reduced = new ReducedSizeFuser(new AverageFuser());
        float[] result = Fused.By(reduced, ir, vi, width, height, scale: scale);
        for (int i = 0; i < result.Length; i++)
            Assert.Equal((ir[i] + vi[i]) / 2, result[i], 2e-3f);   // the ridge takes a little
    }

    [Fact]
    public void Full_size_passes_through_unchanged()
    {
        float[] ir = Fused.Noise(40 * 40, 3), vi = Fused.Noise(40 * 40, 4);
        using var inner = new MaximumFuser();
        using var reduced = new ReducedSizeFuser(new MaximumFuser());
        Assert.Equal(Fused.By(inner, ir, vi, 40, 40), Fused.By(reduced, ir, vi, 40, 40));
    }

    [Fact]
    public void Constant_pictures_give_a_constant_result()
    {
        float[] ir = new float[80 * 72], vi = new float[80 * 72];
        Array.Fill(ir, 0.25f);
        Array.Fill(vi, 0.75f);
        using var reduced = new ReducedSizeFuser(new MaximumFuser());
        Assert.All(Fused.By(reduced, ir, vi, 80, 72, scale: FusionScale.Half), v => Assert.Equal(0.75f, v, 1e-5f));
    }

    [Theory]
    [InlineData(FusionScale.Half)]
    [InlineData(FusionScale.Quarter)]
    public void The_result_stays_in_range_at_hard_edges(FusionScale scale)
    {
        float[] ir = [.. Enumerable.Range(0, 96 * 64).Select(i => i % 96 / 7 % 2 == 0 ? 0f : 1f)];
        float[] vi = [.. Enumerable.Range(0, 96 * 64).Select(i => i / 96 / 5 % 2 == 0 ? 1f : 0f)];
        using var reduced = new ReducedSizeFuser(new MaximumFuser());
        Assert.All(Fused.By(reduced, ir, vi, 96, 64, scale: scale), v => Assert.InRange(v, 0, 1));
    }

    [Fact]
    public void Batches_do_not_change_a_bit()
    {
        const int Pixels = 72 * 64;
        float[] ir = Fused.Noise(3 * Pixels, 5), vi = Fused.Noise(3 * Pixels, 6);
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = 2 });
        float[] together = Fused.By(fuser, ir, vi, 72, 64, 3, FusionScale.Half);
        for (int i = 0; i < 3; i++)
            Assert.Equal(together[(i * Pixels)..((i + 1) * Pixels)], Fused.By(fuser, ir[(i * Pixels)..((i + 1) * Pixels)], vi[(i * Pixels)..((i + 1) * Pixels)], 72, 64, scale: FusionScale.Half));
    }

    [Fact]
    public void Emma_at_half_size_resembles_emma_at_full_size()
    {
        float[] ir = Smooth(160, 120, 0.11, 0.07), vi = Smooth(160, 120, 0.05, 0.17);
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights);
        float[] full = Fused.By(fuser, ir, vi, 160, 120), half = Fused.By(fuser, ir, vi, 160, 120, scale: FusionScale.Half);
        Assert.InRange(full.Zip(half, (a, b) => Math.Abs(a - b)).Average(), 1e-6, 0.05);
    }

    [Theory]
    [InlineData(30, 64, FusionScale.Half, "15x32")]
    [InlineData(64, 60, FusionScale.Quarter, "16x15")]
    public void A_scale_that_leaves_too_little_is_refused(int width, int height, FusionScale scale, string left)
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights);
        Fault fault = Assert.Throws<Fault>(() => Fused.By(fuser, new float[width * height], new float[width * height], width, height, scale: scale));
        Assert.Contains(left, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_that_does_not_exist_is_refused()
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights);
        Assert.Contains("1/3", Assert.Throws<Fault>(() => Fused.By(fuser, new float[64 * 64], new float[64 * 64], 64, 64, scale: (FusionScale)3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_that_is_no_number_is_refused_at_a_reduced_size_too()
    {
        float[] flawed = Fused.Noise(64 * 64, 7);
        flawed[700] = float.NaN;
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights);
        Assert.Contains("infrared", Assert.Throws<Fault>(() => Fused.By(fuser, flawed, new float[64 * 64], 64, 64, scale: FusionScale.Half)).Message, StringComparison.Ordinal);
    }

    private static float[] Smooth(int width, int height, double x, double y)
        => [.. Enumerable.Range(0, width * height).Select(i => (float)(0.5 + (0.4 * Math.Sin((i % width * x) + (i / width * y)))))];
}
