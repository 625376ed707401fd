using EmmaStream.Core.Faults;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Tests.Data;

public sealed class PatchSamplerTests
{
    private const int Side = 16;

    private static readonly PatchOptions Plain = new() { Augment = false };

    [Fact]
    public void The_random_numbers_alone_decide_what_is_cut()
    {
        PairSets sets = SomePictures.Sets(Textured(1, 40, 30), Textured(2, 33, 47));
        PatchBatch one = Filled(sets, new PatchOptions(), 8, StepRandom.Of(1, 0, 17)), same = Filled(sets, new PatchOptions(), 8, StepRandom.Of(1, 0, 17));
        Assert.Equal(one.Infrared, same.Infrared);
        Assert.Equal(one.Visible, same.Visible);
        Assert.Equal(one.Target, same.Target);
        Assert.NotEqual(one.Infrared, Filled(sets, new PatchOptions(), 8, StepRandom.Of(1, 0, 18)).Infrared);
        Assert.NotEqual(one.Infrared, Filled(sets, new PatchOptions(), 8, StepRandom.Of(2, 0, 17)).Infrared);
    }

    [Fact]
    public void Without_augmentation_every_place_comes_as_it_is()
    {
        TrainingPair pair = Textured(3, Side + 2, Side + 1);
        PatchBatch batch = Filled(SomePictures.Sets(pair), Plain, 200, new Random(1));
        HashSet<(int, int)> places = [];
        for (int patch = 0; patch < batch.Count; patch++)
            places.Add(PlaceOf(pair, batch.Infrared.AsSpan(patch * Side * Side, Side * Side)));
        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)], places.Order());
    }

    [Fact]
    public void Augmentation_shows_all_eight_mirrorings_of_all_pictures_alike()
    {
        TrainingPair pair = Textured(4, Side, Side);
        PatchBatch batch = Filled(SomePictures.Sets(pair), new PatchOptions(), 200, new Random(1));
        Dictionary<string, int> ways = [];
        for (int patch = 0; patch < batch.Count; patch++)
        {
            Span<float> infrared = batch.Infrared.AsSpan(patch * Side * Side, Side * Side);
            for (int i = 0; i < infrared.Length; i++)
            {
                int at = (patch * Side * Side) + i;
                Assert.Equal(1 - infrared[i], batch.Visible[at], 1e-6f);
                Assert.Equal(infrared[i] / 2, batch.Target[at], 1e-6f);
            }
            string way = string.Join(' ', infrared.ToArray().Select(v => (int)MathF.Round(255 * v)));
            ways[way] = ways.GetValueOrDefault(way) + 1;
        }
        Assert.Equal(8, ways.Count);
        Assert.All(ways.Values, count => Assert.InRange(count, 8, 45));
        Assert.Equal(EightWays(pair.Infrared).Order(StringComparer.Ordinal), ways.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_set_gives_patches_by_its_weight()
    {
        TrainingPair dark = Textured(5, 20, 20, 10, 60), bright = Textured(6, 20, 20, 130, 250), small = Textured(7, 8, 8);
        PairSets sets = new([[dark], [bright, bright], [small]], [3, 1, 5], 0);
        PatchBatch batch = Filled(sets, Plain, 4000, new Random(1));
        int darks = Enumerable.Range(0, batch.Count).Count(patch => batch.Infrared[patch * Side * Side] < 0.4f);
        // 3 of 4, as the third set has no picture that is large enough; the standard deviation is 27.
        Assert.InRange(darks, 3000 - 110, 3000 + 110);
    }

    [Theory]
    // Six levels: p10 lies between the first two, p90 between the last two. (102 - 92) / 102 = 0.098.
    [InlineData(false, 88, 96, 97, 98, 98, 106)]
    // (102 - 91.5) / 102 = 0.103.
    [InlineData(true, 87, 96, 97, 98, 98, 106)]
    // (100 - 90) / 100 is not below 0.1.
    [InlineData(true, 90, 90, 95, 96, 100, 100)]
    [InlineData(false, 91, 91, 95, 96, 100, 100)]
    // 0 / 0 is no number, and no number is below 0.1: the authors' scripts keep what is black.
    [InlineData(true, 0, 0, 0, 0, 0, 0)]
    [InlineData(false, 7, 7, 7, 7, 7, 7)]
    public void Low_contrast_is_as_worked_by_hand(bool kept, params int[] levels)
        => Assert.Equal(kept, new PatchSampler(SomePictures.Sets(), Plain).HasContrast([.. levels.Select(level => level / 255f)]));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Patches_that_are_flat_in_either_source_are_cut_elsewhere(bool infraredIsFlat)
    {
        byte[] halfFlat = SomePictures.Noise(64, 20, 8), textured = SomePictures.Noise(64, 20, 9);
        for (int i = 0; i < halfFlat.Length; i++)
            halfFlat[i] = i % 64 < 32 ? (byte)100 : halfFlat[i];
        TrainingPair pair = infraredIsFlat ? SomePictures.Pair(64, 20, halfFlat, textured) : SomePictures.Pair(64, 20, textured, halfFlat);
        Assert.Equal(0, Flat(0.1));
        Assert.InRange(Flat(0), 100, 300);

        int Flat(double lowContrast)
        {
            PatchBatch batch = Filled(SomePictures.Sets(pair), Plain with { LowContrast = lowContrast }, 500, new Random(1));
            float[] source = infraredIsFlat ? batch.Infrared : batch.Visible;
            return Enumerable.Range(0, 500).Count(patch => source.AsSpan(patch * Side * Side, Side * Side).IndexOfAnyExcept(100 / 255f) < 0);
        }
    }

    [Fact]
    public void Where_everything_is_flat_it_is_taken_all_the_same()
    {
        PatchBatch batch = Filled(SomePictures.Sets(SomePictures.Pair(20, 20, SomePictures.Constant(20, 20, 90), SomePictures.Noise(20, 20, 1))), Plain, 4, new Random(1));
        Assert.All(batch.Infrared, level => Assert.Equal(90 / 255f, level));
    }

    [Fact]
    public void Published_pictures_are_cut_at_the_same_place()
    {
        TrainingPair with = Textured(10, 24, 24), without = Textured(11, 24, 24);
        with.Published = [[.. with.Infrared.Select(v => (byte)(v / 3))]];
        PatchBatch batch = Filled(SomePictures.Sets(with, without), new PatchOptions(), 64, new Random(1));
        Assert.InRange(batch.HasPublished.Count(has => has), 16, 48);
        for (int i = 0; i < batch.Infrared.Length; i++)
        {
            if (batch.HasPublished[i / (Side * Side)])
                Assert.Equal((byte)MathF.Round(255 * batch.Infrared[i]) / 3 / 255f, batch.Published[i]);
        }
    }

    [Fact]
    public void Patches_larger_than_every_picture_are_one_line_with_both_sizes()
    {
        PatchSampler sampler = new(SomePictures.Sets(Textured(1, 40, 12), Textured(2, 30, 15)), Plain);
        Fault fault = Assert.Throws<Fault>(() => sampler.Fill(new PatchBatch(1, Side), new Random(1)));
        Assert.Equal(fault.Message, Assert.Throws<Fault>(() => sampler.Require(Side)).Message);
        Assert.Contains("patch is 16", fault.Message, StringComparison.Ordinal);
        Assert.Contains("30x15", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_smaller_than_a_patch_are_told_once_and_never_cut()
    {
        LogLines lines = new();
        PatchSampler sampler = new(SomePictures.Sets(Textured(1, 40, 12, 0, 100), Textured(2, 30, 20, 150, 255)), Plain, lines.Log);
        sampler.Require(Side);
        PatchBatch batch = new(32, Side);
        sampler.Fill(batch, new Random(1));
        Assert.All(batch.Infrared, level => Assert.True(level > 0.5f));
        Assert.Contains("40x12", Assert.Single(lines.Warnings), StringComparison.Ordinal);
    }

    private static PatchBatch Filled(PairSets sets, PatchOptions options, int count, Random random)
    {
        PatchBatch batch = new(count, Side);
        new PatchSampler(sets, options).Fill(batch, random);
        return batch;
    }

    /// <summary>Noise; the visible is its negative, the target half of it.</summary>
    private static TrainingPair Textured(int seed, int width, int height, int low = 0, int high = 255)
    {
        byte[] infrared = SomePictures.Noise(width, height, seed, low, high);
        return new($"noise {seed}", width, height, infrared, [.. infrared.Select(v => (byte)(255 - v))]) { Target = [.. infrared.Select(v => v / 510f)] };
    }

    private static (int X, int Y) PlaceOf(TrainingPair pair, ReadOnlySpan<float> patch)
    {
        for (int y = 0; y <= pair.Height - Side; y++)
        {
            for (int x = 0; x <= pair.Width - Side; x++)
            {
                bool equal = true;
                for (int i = 0; i < Side * Side; i++)
                    equal &= patch[i] == pair.Infrared[((y + (i / Side)) * pair.Width) + x + (i % Side)] / 255f;
                if (equal)
                    return (x, y);
            }
        }
        return (-1, -1);
    }

    private static IEnumerable<string> EightWays(byte[] square)
    {
        byte[] way = square;
        for (int turn = 0; turn < 4; turn++)
        {
            way = Map(way, (x, y) => (Side - 1 - y, x));
            yield return string.Join(' ', way);
            yield return string.Join(' ', Map(way, (x, y) => (Side - 1 - x, y)));
        }
    }

    private static byte[] Map(byte[] square, Func<int, int, (int X, int Y)> from)
        => [.. Enumerable.Range(0, Side * Side).Select(i => from(i % Side, i / Side)).Select(p => square[(p.Y * Side) + p.X])];
}
