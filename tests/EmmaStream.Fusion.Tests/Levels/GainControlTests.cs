using EmmaStream.Core.Kernels;
using EmmaStream.Fusion.Levels;

namespace EmmaStream.Fusion.Tests.Levels;

public class GainControlTests
{
    [Fact]
    public void The_first_frame_sets_the_gain_to_its_percentiles()
    {
        LumaScale scale = new GainControl().Update(Ramp(30000, 1000), default);
        Assert.InRange(scale.Black, 30000, 30010);
        Assert.InRange(scale.Span, 980, 1000);
    }

    [Fact]
    public void Small_changes_leave_the_gain_alone_and_larger_ones_move_it_slowly()
    {
        GainControl gain = new();
        LumaScale first = gain.Update(Ramp(30000, 1000), default);
        Assert.Equal(first, gain.Update(Ramp(30020, 1010), default));
        LumaScale moved = gain.Update(Ramp(30300, 1000), default);
        Assert.InRange(moved.Black, first.Black + 5, first.Black + 50);
        for (int i = 0; i < 300; i++)
            moved = gain.Update(Ramp(30300, 1000), default);
        Assert.InRange(moved.Black, 30230, 30310);
    }

    [Fact]
    public void What_the_infrared_does_not_cover_is_left_out()
    {
        ushort[] samples = [.. Ramp(30000, 1000), .. new ushort[5000]];
        byte[] coverage = [.. Enumerable.Repeat((byte)255, samples.Length - 5000), .. new byte[5000]];
        Assert.InRange(new GainControl().Update(samples, coverage).Black, 30000, 30010);
    }

    [Fact]
    public void A_constant_frame_has_a_finite_gain()
    {
        LumaScale scale = new GainControl().Update([.. Enumerable.Repeat((ushort)777, 400)], default);
        Assert.Equal(777, scale.Black);
        Assert.True(scale.Span >= 16);
    }

    private static ushort[] Ramp(int low, int span) => [.. Enumerable.Range(0, 5000).Select(i => (ushort)(low + (long)i * span / 4999))];
}
