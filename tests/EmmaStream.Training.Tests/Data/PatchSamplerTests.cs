using EmmaStream.Core.Faults;
using EmmaStream.Testing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;
using Serilog.Core;

namespace EmmaStream.Training.Tests.Data;

public class PatchSamplerTests
{
    [Fact]
    public async Task Equal_random_numbers_cut_equal_patches()
    {
        using TemporaryFolder folder = new();
        PatchSampler sampler = new(await LoadAsync(SmallPairs.Write(folder.FullPath)), new PatchOptions());
        PatchBatch first = new(6, 16), second = new(6, 16);
        sampler.Fill(first, StepRandom.Of(1, 0, 7));
        sampler.Fill(second, StepRandom.Of(1, 0, 7));
        Assert.Equal(first.Infrared, second.Infrared);
        Assert.Equal(first.Visible, second.Visible);
        sampler.Fill(second, StepRandom.Of(1, 0, 8));
        Assert.NotEqual(first.Infrared, second.Infrared);
    }

    [Fact]
    public async Task Infrared_visible_and_target_are_cut_at_one_place_in_one_way()
    {
        using TemporaryFolder folder = new();
        PairSets sets = await LoadAsync(SmallPairs.Write(folder.FullPath));
        foreach (TrainingPair pair in sets.Sets[0])
            pair.Target = [.. pair.Infrared.Zip(pair.Visible, (a, b) => ((3 * a) + b) / 1020f)];
        PatchBatch batch = new(20, 16);
        new PatchSampler(sets, new PatchOptions()).Fill(batch, new Random(4));
        for (int i = 0; i < batch.Target.Length; i++)
            Assert.Equal(((3 * batch.Infrared[i]) + batch.Visible[i]) / 4, batch.Target[i], 1e-5);
    }

    [Fact]
    public async Task Augmentation_reaches_all_eight_ways()
    {
        using TemporaryFolder folder = new();
        PairSetOptions set = SmallPairs.Write(folder.FullPath, count: 0);
        SmallPairs.Save(Path.Combine(set.Infrared, "a.png"), SmallPairs.Picture(16, 16, (x, y) => (10 * x) + y));
        SmallPairs.Save(Path.Combine(set.Visible, "a.png"), SmallPairs.Picture(16, 16, (x, y) => (10 * y) + x));
        PatchBatch batch = new(200, 16);
        PairSets sets = await LoadAsync(set);
        new PatchSampler(sets, new PatchOptions()).Fill(batch, new Random(1));
        Assert.Equal(8, Enumerable.Range(0, 200).Select(n => (batch.Infrared[n * 256], batch.Infrared[(n * 256) + 1])).Distinct().Count());
        new PatchSampler(sets, new PatchOptions { Augment = false }).Fill(batch, new Random(1));
        Assert.Single(Enumerable.Range(0, 200).Select(n => (batch.Infrared[n * 256], batch.Infrared[(n * 256) + 1])).Distinct());
    }

    [Theory]
    [InlineData(90, 100, 0.1, true)]         // p90 100, p10 90: 0.1 is not below 0.1
    [InlineData(91, 100, 0.1, false)]
    [InlineData(0, 0, 0.1, true)]            // black: 0 / 0 is kept, as the published scripts do
    [InlineData(255, 255, 0.1, false)]
    [InlineData(255, 255, 0, true)]
    public async Task Refuses_flat_patches_as_the_published_scripts(int low, int high, double least, bool kept)
    {
        using TemporaryFolder folder = new();
        PatchSampler sampler = new(await LoadAsync(SmallPairs.Write(folder.FullPath)), new PatchOptions { LowContrast = least });
        float[] patch = [.. Enumerable.Range(0, 100).Select(i => (i < 50 ? low : high) / 255f)];
        Assert.Equal(kept, sampler.HasContrast(patch));
    }

    [Fact]
    public async Task Sets_are_drawn_by_their_weights()
    {
        using TemporaryFolder folder = new();
        PairSetOptions dark = Flat("dark", 40), bright = Flat("bright", 200);
        PairSets sets = await PairSets.LoadAsync([dark with { Weight = 3 }, bright with { Weight = 1 }], Logger.None, TestContext.Current.CancellationToken);
        PatchBatch batch = new(2000, 16);
        new PatchSampler(sets, new PatchOptions { LowContrast = 0 }).Fill(batch, new Random(2));
        int darks = Enumerable.Range(0, batch.Count).Count(n => batch.Visible[n * 256] < 0.5f);
        Assert.InRange(darks, 1400, 1600);

        PairSetOptions Flat(string name, int level)
        {
            PairSetOptions set = SmallPairs.Write(Path.Combine(folder.FullPath, name), count: 0);
            foreach (string side in new[] { set.Infrared, set.Visible })
                SmallPairs.Save(Path.Combine(side, "a.png"), SmallPairs.Picture(20, 20, (_, _) => level));
            return set;
        }
    }

    [Fact]
    public async Task Patches_larger_than_every_picture_are_a_fault_with_both_sizes()
    {
        using TemporaryFolder folder = new();
        PatchSampler sampler = new(await LoadAsync(SmallPairs.Write(folder.FullPath)), new PatchOptions());
        Fault fault = Assert.Throws<Fault>(() => sampler.Fill(new PatchBatch(1, 64), new Random(1)));
        Assert.Contains("patch is 64, but the largest picture is 56x48", fault.Message, StringComparison.Ordinal);
    }

    private static Task<PairSets> LoadAsync(PairSetOptions set) => PairSets.LoadAsync([set], Logger.None, TestContext.Current.CancellationToken);
}
