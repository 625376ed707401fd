using EmmaStream.Metrics.Planes;
using EmmaStream.Testing;
using EmmaStream.Training.Trials;

namespace EmmaStream.Training.Tests.Trials;

public class StripeMeterTests
{
    [Fact]
    public void A_smooth_picture_has_next_to_none() => Assert.InRange(StripeMeter.Measure(Plane((x, y) => x + (y / 2))), 0, 0.3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stripes_of_one_pixel_have_half_their_height(bool vertical)
    {
        // [1 -2 1]/4 of 0, 20, 0, 20 is 10 in size, along one of the two directions.
        Assert.InRange(StripeMeter.Measure(Plane((x, y) => 100 + ((vertical ? y : x) % 2 * 20))), 4.5, 5.5);
    }

    [Fact]
    public void Broad_stripes_do_not_count() => Assert.InRange(StripeMeter.Measure(Plane((x, _) => 100 + (x / 8 % 2 * 20))), 0, 1.2);

    private static GrayPlane Plane(Func<int, int, int> level)
    {
        GrayPlane plane = new(96, 64);
        for (int i = 0; i < plane.Area; i++)
            plane.WritableSamples[i] = (byte)level(i % 96, i / 96);
        return plane;
    }
}
