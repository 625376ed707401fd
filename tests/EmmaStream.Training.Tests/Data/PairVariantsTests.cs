using EmmaStream.Training.Data;

namespace EmmaStream.Training.Tests.Data;

public class PairVariantsTests
{
    private static readonly TrainingPair Ramp = new("ramp", 16, 16, [.. Enumerable.Range(0, 256).Select(level => (byte)level)], [.. Enumerable.Range(0, 256).Select(level => (byte)(255 - level))]);

    [Fact]
    public void Every_pair_gets_its_own_levels_and_a_name()
    {
        TrainingPair[] variants = [.. PairVariants.Of([Ramp, Ramp], 3, seed: 1)];
        Assert.Equal(["ramp variant 1", "ramp variant 2", "ramp variant 3", "ramp variant 1", "ramp variant 2", "ramp variant 3"], variants.Select(v => v.Name));
        Assert.Equal(12, variants.SelectMany(v => new[] { v.Infrared, v.Visible }).Distinct(new SameBytes()).Count());
    }

    [Fact]
    public void Seed_and_place_alone_decide()
    {
        TrainingPair[] once = [.. PairVariants.Of([Ramp], 4, seed: 7)], again = [.. PairVariants.Of([Ramp], 4, seed: 7)], other = [.. PairVariants.Of([Ramp], 4, seed: 8)];
        Assert.All(once.Zip(again), pair => Assert.Equal(pair.First.Infrared, pair.Second.Infrared));
        Assert.All(once.Zip(other), pair => Assert.NotEqual(pair.First.Infrared, pair.Second.Infrared));
    }

    [Fact]
    public void Levels_keep_their_order_and_at_least_half_of_their_range()
    {
        foreach (TrainingPair variant in PairVariants.Of([Ramp], 20, seed: 3))
        {
            double dark = variant.Infrared.Take(16).Average(level => level), bright = variant.Infrared.TakeLast(16).Average(level => level);
            Assert.InRange(bright - dark, 100, 255);
            Assert.InRange(variant.Visible.Take(16).Average(level => level) - variant.Visible.TakeLast(16).Average(level => level), 100, 255);
        }
    }

    private sealed class SameBytes : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
