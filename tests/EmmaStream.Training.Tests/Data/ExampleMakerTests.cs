using EmmaStream.Training.Data;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Tests.Data;

public sealed class ExampleMakerTests
{
    private const int Side = 32, Size = Side * Side;

    private static readonly SensingOptions Undegraded = new() { Gain = 0, Blur = 0, Noise = 0 };

    [Fact]
    public void The_random_numbers_alone_decide_the_examples()
    {
        PatchBatch batch = Batch(16);
        float[] one = Filled(new SensingOptions(), batch, new Random(3)), same = Filled(new SensingOptions(), batch, new Random(3));
        Assert.Equal(one, same);
        Assert.NotEqual(one, Filled(new SensingOptions(), batch, new Random(4)));
    }

    [Fact]
    public void Everything_is_in_range_however_strong_the_degradation()
    {
        SensingOptions strong = new() { OwnShare = 0.2, TargetShare = 0.2, Gain = 1, Blur = 5, Noise = 0.5 };
        Assert.All(Filled(strong, Batch(64), new Random(1)), value => Assert.InRange(value, 0f, 1f));
    }

    [Fact]
    public void Black_and_flat_patches_give_finite_examples()
    {
        PatchBatch batch = new(64, Side);
        Assert.All(Filled(new SensingOptions { OwnShare = 0, TargetShare = 0 }, batch, new Random(1)), value => Assert.InRange(value, 0f, 1f));
    }

    [Fact]
    public void Shares_say_how_often_each_kind_comes()
    {
        PatchBatch batch = Batch(1000);
        float[] source = Own(batch), fused = Filled(Undegraded with { OwnShare = 0.6, TargetShare = 0.2 }, batch, new Random(1));
        int own = 0, target = 0;
        for (int patch = 0; patch < batch.Count; patch++)
        {
            ReadOnlySpan<float> example = fused.AsSpan(patch * Size, Size);
            own += Equal(example, source.AsSpan(patch * Size, Size)) ? 1 : 0;
            target += Equal(example, batch.Target.AsSpan(patch * Size, Size)) ? 1 : 0;
        }
        Assert.InRange(own, 600 - 62, 600 + 62);
        Assert.InRange(target, 200 - 51, 200 + 51);
    }

    [Fact]
    public void The_classical_ones_are_many_different_fusions_of_both_sources()
    {
        PatchBatch batch = new(64, Side);
        byte[] infrared = SomePictures.Noise(Side, Side, 1, 40, 200), visible = SomePictures.Noise(Side, Side, 2, 40, 200);
        for (int i = 0; i < batch.Infrared.Length; i++)
            (batch.Infrared[i], batch.Visible[i]) = (infrared[i % Size] / 255f, visible[i % Size] / 255f);
        float[] fused = Filled(Undegraded with { OwnShare = 0, TargetShare = 0 }, batch, new Random(1));
        float[][] examples = [.. fused.Chunk(Size)];
        Assert.Equal(64, examples.Select(e => string.Join(' ', e)).Distinct().Count());
        Assert.All(examples, e => Assert.True(Correlation(e, batch.Infrared) + Correlation(e, batch.Visible) > 0.5));
        Assert.Contains(examples, e => Correlation(e, batch.Infrared) > 0.9);
        Assert.Contains(examples, e => Correlation(e, batch.Visible) > 0.9);
    }

    [Fact]
    public void Published_pictures_are_among_the_examples_where_the_pair_has_some()
    {
        PatchBatch batch = Batch(400);
        for (int patch = 0; patch < batch.Count; patch++)
            batch.HasPublished[patch] = patch % 2 == 0;
        float[] published = [.. Enumerable.Repeat(0.123f, Size)];
        batch.Published.AsSpan().Fill(0.123f);
        float[] fused = Filled(Undegraded with { OwnShare = 0, TargetShare = 0 }, batch, new Random(1));
        int[] used = [.. Enumerable.Range(0, batch.Count).Where(patch => Equal(fused.AsSpan(patch * Size, Size), published))];
        Assert.InRange(used.Length, 60, 140);
        Assert.All(used, patch => Assert.True(batch.HasPublished[patch]));
    }

    [Fact]
    public void The_gain_turns_about_middle_grey_within_its_bound()
    {
        PatchBatch batch = new(200, Side);
        float[] own = [.. Enumerable.Repeat(0.9f, 200 * Size)], fused = new float[own.Length];
        new ExampleMaker(new SensingOptions { OwnShare = 1, TargetShare = 0, Gain = 0.1, Blur = 0, Noise = 0 }).Fill(batch, own, fused, new Random(1));
        Assert.InRange(fused.Min(), 0.86f - 1e-5f, 0.865f);
        Assert.InRange(fused.Max(), 0.935f, 0.94f + 1e-5f);
    }

    [Fact]
    public void The_noise_is_as_strong_as_its_bound_allows()
    {
        PatchBatch batch = new(200, Side);
        float[] own = [.. Enumerable.Repeat(0.5f, 200 * Size)], fused = new float[own.Length];
        new ExampleMaker(new SensingOptions { OwnShare = 1, TargetShare = 0, Gain = 0, Blur = 0, Noise = 0.06 }).Fill(batch, own, fused, new Random(1));
        double[] deviations = [.. fused.Chunk(Size).Select(patch => Math.Sqrt(patch.Average(v => (v - 0.5) * (v - 0.5))))];
        Assert.InRange(deviations.Max(), 0.05, 0.065);
        Assert.InRange(deviations.Average(), 0.026, 0.034);
    }

    private static float[] Filled(SensingOptions options, PatchBatch batch, Random random)
    {
        float[] fused = new float[batch.Infrared.Length];
        new ExampleMaker(options).Fill(batch, Own(batch), fused, random);
        return fused;
    }

    private static float[] Own(PatchBatch batch) => [.. batch.Infrared.Select(v => 0.25f + (v / 2))];

    private static PatchBatch Batch(int count)
    {
        byte[] infrared = SomePictures.Noise(80, 70, 1), visible = SomePictures.Noise(80, 70, 2);
        TrainingPair pair = SomePictures.Pair(80, 70, infrared, visible);
        pair.Target = new TargetMaker(new TargetOptions()).Make(pair);
        PatchBatch batch = new(count, Side);
        new PatchSampler(SomePictures.Sets(pair), new PatchOptions()).Fill(batch, new Random(9));
        return batch;
    }

    // The gain's way about middle grey rounds, even where it is 1.
    private static bool Equal(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        bool equal = true;
        for (int i = 0; i < Size && equal; i++)
            equal = Math.Abs(a[i] - b[i]) < 1e-6f;
        return equal;
    }

    private static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
        for (int i = 0; i < Size; i++)
        {
            sa += a[i];
            sb += b[i];
            saa += a[i] * a[i];
            sbb += b[i] * b[i];
            sab += a[i] * b[i];
        }
        double variance = (saa - (sa * sa / Size)) * (sbb - (sb * sb / Size));
        return variance > 1e-12 ? (sab - (sa * sb / Size)) / Math.Sqrt(variance) : 0;
    }
}
