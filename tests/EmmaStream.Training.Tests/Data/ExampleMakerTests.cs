using EmmaStream.Training.Data;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Tests.Data;

public class ExampleMakerTests
{
    private static readonly SensingOptions Undamaged = new() { Gain = 0, Blur = 0, Noise = 0 };

    [Fact]
    public void Equal_random_numbers_make_equal_examples_within_range()
    {
        PatchBatch batch = Batch();
        float[] own = new float[batch.Infrared.Length], first = new float[own.Length], second = new float[own.Length];
        ExampleMaker maker = new(new SensingOptions { Gain = 1, Noise = 0.5, Blur = 2 });
        maker.Fill(batch, own, first, new Random(9));
        maker.Fill(batch, own, second, new Random(9));
        Assert.Equal(first, second);
        Assert.All(first, level => Assert.InRange(level, 0, 1));
    }

    [Fact]
    public void Shares_are_kept()
    {
        PatchBatch batch = Batch();
        Array.Fill(batch.Target, 0.25f);
        float[] own = new float[batch.Infrared.Length], fused = new float[own.Length];
        Array.Fill(own, 0.75f);
        new ExampleMaker(Undamaged with { OwnShare = 0.5, TargetShare = 0.25 }).Fill(batch, own, fused, new Random(1));
        int size = batch.Side * batch.Side;
        Assert.InRange(Enumerable.Range(0, batch.Count).Count(n => fused.AsSpan(n * size, size).ToArray().All(v => v == 0.75f)), 170, 230);
        Assert.InRange(Enumerable.Range(0, batch.Count).Count(n => fused.AsSpan(n * size, size).ToArray().All(v => v == 0.25f)), 75, 125);
    }

    [Fact]
    public void Published_pictures_are_used_where_there_are_some()
    {
        PatchBatch batch = Batch();
        Array.Fill(batch.HasPublished, true);
        Array.Fill(batch.Published, 0.125f);
        float[] fused = new float[batch.Infrared.Length];
        new ExampleMaker(Undamaged with { OwnShare = 0, TargetShare = 0 }).Fill(batch, new float[fused.Length], fused, new Random(1));
        int size = batch.Side * batch.Side;
        Assert.InRange(Enumerable.Range(0, batch.Count).Count(n => fused.AsSpan(n * size, size).ToArray().All(v => v == 0.125f)), 160, 240);
    }

    [Fact]
    public void Classical_examples_are_of_many_kinds()
    {
        PatchBatch batch = Batch();
        float[] fused = new float[batch.Infrared.Length];
        new ExampleMaker(Undamaged with { OwnShare = 0, TargetShare = 0 }).Fill(batch, new float[fused.Length], fused, new Random(1));
        int size = batch.Side * batch.Side;
        Assert.True(Enumerable.Range(0, batch.Count).Select(n => fused[n * size]).Distinct().Count() > 300);
    }

    private static PatchBatch Batch()
    {
        PatchBatch batch = new(400, 16);
        Random random = new(3);
        for (int i = 0; i < batch.Infrared.Length; i++)
        {
            batch.Infrared[i] = (i % 256 * 7 % 256) / 255f;
            batch.Visible[i] = random.NextSingle();
        }
        return batch;
    }
}
