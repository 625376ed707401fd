using EmmaStream.Fusion.Levels;

namespace EmmaStream.Fusion.Tests.Levels;

public sealed class LevelControlTests : IDisposable
{
    private const int Width = 64, Height = 48;
    private readonly LumaBuffer _fused = new(), _infrared = new(), _visible = new();

    public void Dispose()
    {
        _fused.Dispose();
        _infrared.Dispose();
        _visible.Dispose();
    }

    [Fact]
    public void Per_frame_takes_minimum_and_maximum_to_black_and_white()
    {
        LumaPlane result = Apply(new(LevelsMode.PerFrame), (x, y) => 0.2f + 0.4f * x / (Width - 1));
        Assert.Equal(0, result.Row(5)[0]);
        Assert.Equal(1, result.Row(5)[Width - 1]);
        Assert.Equal(0.5f, (result.Row(5)[31] + result.Row(5)[32]) / 2, 5);
    }

    [Theory]
    [InlineData(LevelsMode.None)]
    [InlineData(LevelsMode.Smooth)]
    [InlineData(LevelsMode.PerFrame)]
    public void A_constant_picture_stays_constant_and_finite(LevelsMode mode)
    {
        LumaPlane result = Apply(new(mode), (_, _) => 0.3f);
        float first = result.Row(0)[0];
        Assert.InRange(first, 0, 1);
        for (int y = 0; y < Height; y++)
            Assert.All(result.Row(y).ToArray(), v => Assert.Equal(first, v));
    }

    [Theory]
    [InlineData(LevelsMode.Smooth)]
    [InlineData(LevelsMode.PerFrame)]
    public void Two_flat_inputs_are_never_stretched(LevelsMode mode)
    {
        LumaPlane result = Apply(new(mode), (x, _) => 0.27f + 0.05f * x / Width, input: (_, _) => 0.01f);
        Assert.Equal(0.27f, result.Row(3)[0]);
    }

    [Fact]
    public void Smooth_moves_the_background_by_less_than_one_gray_level_when_a_hot_object_comes_and_goes()
    {
        LevelControl levels = new(LevelsMode.Smooth);
        float before = float.NaN;
        double largest = 0;
        for (int frame = 0; frame < 120; frame++)
        {
            bool hot = frame is >= 30 and < 80;
            LumaPlane result = Apply(levels, (x, y) => hot && x is >= 20 and < 36 && y is >= 10 and < 40 ? 1f : 0.2f + 0.3f * x / Width);
            float background = result.Row(45)[50];
            if (frame > 0)
                largest = Math.Max(largest, Math.Abs(background - before) * 255);
            before = background;
        }
        Assert.True(largest < 1, $"the background jumped by {largest:0.00} gray levels");
    }

    [Fact]
    public void Per_frame_would_have_moved_that_background_a_lot()
    {
        LevelControl levels = new(LevelsMode.PerFrame);
        float cool = Apply(levels, (x, y) => 0.2f + 0.3f * x / Width).Row(45)[50];
        float hot = Apply(levels, (x, y) => x is >= 20 and < 36 && y is >= 10 and < 40 ? 1f : 0.2f + 0.3f * x / Width).Row(45)[50];
        Assert.True(Math.Abs(cool - hot) * 255 > 50);
    }

    [Fact]
    public void A_cut_takes_the_new_limits_at_once()
    {
        LevelControl levels = new(LevelsMode.Smooth);
        for (int i = 0; i < 5; i++)
            Apply(levels, (x, _) => 0.1f + 0.3f * x / Width);
        LumaPlane result = Apply(levels, (x, _) => 0.6f + 0.3f * x / Width);
        Assert.InRange(result.Row(0)[0], 0f, 0.02f);
        Assert.InRange(result.Row(0)[Width - 1], 0.97f, 1f);
    }

    [Fact]
    public void Smooth_follows_a_slow_change_in_the_end()
    {
        LevelControl levels = new(LevelsMode.Smooth);
        LumaPlane result = default;
        for (int i = 0; i < 2000; i++)
        {
            float fade = Math.Min(1, i / 1000f);
            result = Apply(levels, (x, _) => 0.1f + 0.3f * fade + 0.3f * x / Width);
        }
        Assert.InRange(result.Row(0)[0], 0f, 0.06f);
        Assert.InRange(result.Row(0)[Width - 1], 0.94f, 1f);
    }

    private LumaPlane Apply(LevelControl levels, Func<int, int, float> fused, Func<int, int, float>? input = null)
    {
        LumaPlane result = Paint(_fused, fused), source = Paint(_infrared, input ?? fused);
        levels.Apply(result, source, Paint(_visible, input ?? fused));
        return result;
    }

    private static LumaPlane Paint(LumaBuffer buffer, Func<int, int, float> sample)
    {
        LumaPlane plane = buffer.Plane(Width, Height);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
                plane.Row(y)[x] = sample(x, y);
        }
        return plane;
    }
}
