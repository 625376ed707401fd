using EmmaStream.Configuration.Converters;

namespace EmmaStream.Configuration.Tests.Converters;

public sealed class DurationTests
{
    [Theory]
    [InlineData("20ms", 200_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("-1.5s", -15_000_000)]
    [InlineData("2m", 1_200_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("7d", 6_048_000_000_000)]
    [InlineData("0.1us", 1)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void Durations_are_read(string text, long ticks)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan value));
        Assert.Equal(ticks, value.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-s")]
    [InlineData(".s")]
    [InlineData("5 s")]
    [InlineData(" 5s")]
    [InlineData("5.s")]
    [InlineData("+5s")]
    [InlineData("5S")]
    [InlineData("5min")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("99999999999d")]
    [InlineData("79228162514264337593543950335999s")]
    public void Others_are_not(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Text_gives_the_duration_back()
    {
        Random random = new(7);
        for (int i = 0; i < 5000; i++)
        {
            long unit = new[] { 1, 10, 10_000, 10_000_000, 600_000_000, 36_000_000_000 }[i % 6];
            TimeSpan value = new(random.NextInt64(-(1L << 40), 1L << 40) / unit * unit);
            string text = DurationText.Format(value);
            Assert.True(DurationText.TryParse(text, out TimeSpan again), text);
            Assert.Equal(value, again);
            Assert.Matches($"^({DurationText.Pattern})$", text == "0s" ? "0" : text);
        }
        Assert.Equal("90s", DurationText.Format(TimeSpan.FromSeconds(90)));
        Assert.Equal("1h", DurationText.Format(TimeSpan.FromMinutes(60)));
    }
}
