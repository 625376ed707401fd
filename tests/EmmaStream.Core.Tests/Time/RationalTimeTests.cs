using EmmaStream.Core.Time;

namespace EmmaStream.Core.Tests.Time;

public class RationalTimeTests
{
    [Fact]
    public void Ticks_and_time_convert_without_drift_over_a_month()
    {
        RationalTime timeBase = RationalTime.Video;
        long month = 90_000L * 86_400 * 30;
        for (long ticks = -5; ticks < month; ticks += month / 97)
            Assert.Equal(ticks, timeBase.ToTicks(timeBase.ToTimestamp(ticks)));
    }

    [Fact]
    public void Ntsc_rate_is_exact()
    {
        RationalTime rate = new(30000, 1001);
        Assert.Equal(333667, rate.Period.Ticks);
        Assert.Equal("30000/1001", rate.ToString());
        Assert.Equal(29.97, rate.Value, 3);
    }

    [Fact]
    public void Distances_are_signed()
    {
        Timestamp a = Timestamp.FromMilliseconds(10), b = Timestamp.FromMilliseconds(50);
        Assert.Equal(TimeSpan.FromMilliseconds(40), b - a);
        Assert.Equal(TimeSpan.FromMilliseconds(-40), a - b);
        Assert.Equal(b, a + TimeSpan.FromMilliseconds(40));
        Assert.True(a < b && b > a && a <= b && b >= a);
    }
}
