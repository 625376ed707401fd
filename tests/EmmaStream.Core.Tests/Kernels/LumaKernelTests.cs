using EmmaStream.Core.Frames;
using EmmaStream.Core.Kernels;
using FsCheck.Xunit;

namespace EmmaStream.Core.Tests.Kernels;

public class LumaKernelTests
{
    [Theory]
    [InlineData(ColorRange.Limited, 16, 235)]
    [InlineData(ColorRange.Full, 0, 255)]
    public void The_ramp_goes_both_ways(ColorRange range, int black, int white)
    {
        byte[] ramp = [.. Enumerable.Range(0, 256).Select(v => (byte)v)];
        float[] unit = new float[256];
        byte[] back = new byte[256];
        LumaKernels.Expand(ramp, unit, LumaScale.Of(range));
        LumaKernels.Compress(unit, back, LumaScale.Of(range));
        for (int v = 0; v < 256; v++)
        {
            double expected = Math.Clamp((v - black) / (double)(white - black), 0, 1);
            Assert.Equal(expected, unit[v], 1e-7);
            Assert.Equal(Math.Clamp(v, black, white), back[v]);
        }
    }

    [Fact]
    public void Sixteen_bit_samples_follow_the_gain()
    {
        ushort[] stored = [0, 1000, 1500, 2000, 65535, .. Enumerable.Range(0, 40).Select(i => (ushort)(1000 + i * 25))];
        float[] unit = new float[stored.Length];
        LumaKernels.Expand(stored, unit, new LumaScale(1000, 1000));
        Assert.Equal([0f, 0f, 0.5f, 1f, 1f], unit[..5]);
        Assert.Equal(0.975f, unit[^1], 6);
    }

    [Fact]
    public void Not_a_number_becomes_black()
    {
        float[] unit = [.. Enumerable.Repeat(float.NaN, 20)];
        byte[] stored = new byte[20];
        LumaKernels.Compress(unit, stored, LumaScale.Of(ColorRange.Limited));
        Assert.All(stored, v => Assert.Equal(16, v));
    }

    [Fact]
    public void A_short_destination_is_refused() =>
        Assert.Throws<ArgumentException>(() => LumaKernels.Expand(new byte[5], new float[4], LumaScale.Of(ColorRange.Full)));

    [Property]
    public bool Expand_equals_its_scalar_twin(byte[] stored, bool limited)
    {
        LumaScale scale = LumaScale.Of(limited ? ColorRange.Limited : ColorRange.Full);
        byte[] longer = [.. stored, .. stored, .. stored];
        float[] fast = new float[longer.Length], plain = new float[longer.Length];
        LumaKernels.Expand(longer, fast, scale);
        LumaKernels.ExpandScalar(longer, plain, scale);
        return fast.AsSpan().SequenceEqual(plain);
    }

    [Property]
    public bool Compress_equals_its_scalar_twin(float[] unit, bool limited)
    {
        LumaScale scale = LumaScale.Of(limited ? ColorRange.Limited : ColorRange.Full);
        float[] longer = [.. unit, .. unit.Select(v => v / 3), float.NaN, float.PositiveInfinity, -0f, .. unit, .. unit];
        byte[] fast = new byte[longer.Length], plain = new byte[longer.Length];
        LumaKernels.Compress(longer, fast, scale);
        LumaKernels.CompressScalar(longer, plain, scale);
        return fast.AsSpan().SequenceEqual(plain);
    }

    [Property]
    public bool Fill_equals_its_scalar_twin_and_keeps_covered_samples(byte[] coverage)
    {
        byte[] longer = [.. coverage, 0, 255, .. coverage, .. coverage, 255];
        float[] infrared = [.. longer.Select((_, i) => i * 0.37f % 1)], visible = [.. longer.Select((_, i) => i * 0.11f % 1)];
        float[] fast = [.. infrared], plain = [.. infrared];
        LumaKernels.Fill(fast, visible, longer);
        LumaKernels.FillScalar(plain, visible, longer);
        return fast.AsSpan().SequenceEqual(plain) && longer.Index().All(c => c.Item != 255 || fast[c.Index] == infrared[c.Index]);
    }

    [Fact]
    public void Fill_takes_the_visible_where_nothing_is_covered()
    {
        float[] infrared = [.. Enumerable.Repeat(0.9f, 33)], visible = [.. Enumerable.Repeat(0.2f, 33)];
        LumaKernels.Fill(infrared, visible, new byte[33]);
        Assert.All(infrared, v => Assert.Equal(0.2f, v, 6));
    }

    [Fact]
    public void Limits_and_stretch_take_a_picture_to_the_whole_range()
    {
        float[] unit = [.. Enumerable.Range(0, 37).Select(i => 0.25f + i * 0.01f)];
        Assert.Equal((0.25f, unit[36]), LumaKernels.Limits(unit));
        LumaKernels.Stretch(unit, 0.25f, unit[36]);
        Assert.Equal(0, unit[0]);
        Assert.Equal(1, unit[36]);
        Assert.Equal(0.5f, unit[18], 5);
    }
}
