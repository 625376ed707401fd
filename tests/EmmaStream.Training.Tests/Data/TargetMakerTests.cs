using EmmaStream.Metrics;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Testing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Tests.Data;

public sealed class TargetMakerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(255)]
    public void Constant_pictures_give_finite_constants(byte level)
    {
        foreach ((int width, int height) in new[] { (16, 16), (17, 23), (64, 31) })
        {
            TrainingPair pair = SomePictures.Pair(width, height, SomePictures.Constant(width, height, level), SomePictures.Constant(width, height, level));
            float[] target = new TargetMaker(new TargetOptions { EnergyExponent = 10 }).Make(pair);
            Assert.Equal(width * height, target.Length);
            Assert.All(target, value => Assert.Equal(target[0], value, 1e-5f));
            Assert.InRange(target[0], 0.07f, 0.93f);
        }
    }

    [Theory]
    // In the straight middle: 0.49 + 1.95 (122/255 - 0.48). Beyond: 0.5 -+ (0.172 + 0.258 tanh((away - 0.172) / 0.258)).
    [InlineData(122, 0.486941)]
    [InlineData(0, 0.0712759)]
    [InlineData(255, 0.9291855)]
    public void The_tone_curve_of_flat_pictures_is_as_worked_by_hand(byte level, double expected)
    {
        TrainingPair pair = SomePictures.Pair(16, 16, SomePictures.Constant(16, 16, level), SomePictures.Constant(16, 16, level));
        Assert.Equal(expected, new TargetMaker(new TargetOptions()).Make(pair)[100], 1e-6);
    }

    [Fact]
    public void The_infrareds_share_weighs_the_coarsest_level()
    {
        TrainingPair pair = SomePictures.Pair(16, 16, SomePictures.Constant(16, 16, 51), SomePictures.Constant(16, 16, 153));
        TargetOptions plain = new() { Gain = 1, Centre = 0.5, Middle = 0.5, Darkest = 0, Brightest = 1 };
        // 0.75 x 0.2 + 0.25 x 0.6 = 0.3, at the end of the straight part.
        Assert.Equal(0.3f, new TargetMaker(plain with { InfraredShare = 0.75 }).Make(pair)[0], 1e-5f);
        Assert.Equal(0.4f, new TargetMaker(plain).Make(pair)[0], 1e-5f);
    }

    [Fact]
    public void Two_equal_pictures_without_gains_give_themselves()
    {
        byte[] samples = SomePictures.Noise(37, 29, 5, 100, 155);
        TargetOptions plain = new() { Gain = 1, Centre = 0.5, Middle = 0.5, Darkest = 0, Brightest = 1, DetailGain = 1 };
        float[] target = new TargetMaker(plain).Make(SomePictures.Pair(37, 29, samples, samples));
        for (int i = 0; i < target.Length; i++)
            Assert.Equal(samples[i] / 255f, target[i], 1e-5f);
    }

    [Fact]
    public void Details_come_from_the_source_that_has_them()
    {
        byte[] textured = SomePictures.Noise(48, 48, 6, 100, 155), flat = SomePictures.Constant(48, 48, 128);
        float[] one = new TargetMaker(new TargetOptions { InfraredShare = 0 }).Make(SomePictures.Pair(48, 48, textured, flat));
        float[] both = new TargetMaker(new TargetOptions { InfraredShare = 0 }).Make(SomePictures.Pair(48, 48, flat, flat));
        double detail = 0, expected = 0;
        for (int i = 0; i < one.Length; i++)
        {
            detail += Math.Abs(one[i] - both[i]) / one.Length;
            expected += 1.15 * Math.Abs((textured[i] / 255.0) - 0.5) / one.Length;
        }
        Assert.InRange(detail, 0.9 * expected, 1.1 * expected);
    }

    [Fact]
    public void Faint_details_have_their_own_gain_and_strong_ones_keep_theirs()
    {
        byte[] flat = SomePictures.Constant(64, 64, 128);
        double Amplitude(byte[] texture, double? faintGain)
        {
            TargetMaker maker = new(new TargetOptions { InfraredShare = 0, FaintLevel = 0.02, FaintGain = faintGain });
            float[] with = maker.Make(SomePictures.Pair(64, 64, texture, flat)), without = maker.Make(SomePictures.Pair(64, 64, flat, flat));
            return with.Zip(without, (a, b) => Math.Abs(a - b)).Average();
        }
        byte[] faint = SomePictures.Noise(64, 64, 6, 127, 129), strong = SomePictures.Noise(64, 64, 6, 40, 215);
        Assert.InRange(Amplitude(faint, 2.3) / Amplitude(faint, null), 1.8, 2);
        Assert.InRange(Amplitude(strong, 2.3) / Amplitude(strong, null), 1, 1.1);
    }

    [Fact]
    public void The_maximum_is_the_brighter_of_both()
    {
        byte[] infrared = SomePictures.Noise(16, 18, 1), visible = SomePictures.Noise(16, 18, 2);
        float[] target = new TargetMaker(new TargetOptions { Kind = TargetKind.Maximum }).Make(SomePictures.Pair(16, 18, infrared, visible));
        for (int i = 0; i < target.Length; i++)
            Assert.Equal(Math.Max(infrared[i], visible[i]) / 255f, target[i], 1e-6f);
    }

    // The row "as described (coarse level compressed first)" of the study that chose this target, made on these 13 pairs.
    [Fact]
    public async Task Targets_of_real_pairs_score_as_the_studied_ones()
    {
        string? list = SharedData.TryPath("data", "roadscene", "test50.txt");
        Assert.SkipWhen(list is null, SharedData.Absent);
        using TemporaryFolder folder = new();
        File.WriteAllLines(folder["only.txt"], File.ReadLines(list).Where((_, i) => i % 4 == 1));
        PairSetOptions set = new() { Infrared = SharedData.TryPath("data", "roadscene", "ir")!, Visible = SharedData.TryPath("data", "roadscene", "vi")!, Only = folder["only.txt"] };
        PairSets sets = await PairSets.LoadAsync([set], 1, new LogLines().Log, CancellationToken.None);
        await sets.AddTargetsAsync(new TargetMaker(new TargetOptions { Gain = 1.8 }), CancellationToken.None);
        Scores[] scores = [.. sets.Sets[0].AsParallel().Select(pair => ImageMetrics.Measure(new PlaneTrio(Stretched(pair), Plane(pair, pair.Infrared), Plane(pair, pair.Visible)), new MetricsWorkspace()))];
        Assert.Equal(13, scores.Length);
        foreach ((Metric metric, double studied, double rounding) in new[]
        {
            (MetricCatalog.EN, 7.40, 0.006), (MetricCatalog.SD, 50.1, 0.06), (MetricCatalog.SF, 15.1, 0.06), (MetricCatalog.AG, 5.71, 0.006),
            (MetricCatalog.SCD, 1.91, 0.006), (MetricCatalog.VIF, 0.781, 0.001), (MetricCatalog.Qabf, 0.604, 0.001), (MetricCatalog.SSIM, 0.953, 0.001),
        })
            Assert.Equal(studied, scores.Average(s => s[metric]!.Value), rounding);
    }

    private static GrayPlane Plane(TrainingPair pair, byte[] samples) => new(pair.Width, pair.Height, samples);

    private static GrayPlane Stretched(TrainingPair pair)
    {
        float low = pair.Target!.Min(), high = pair.Target!.Max();
        return Plane(pair, [.. pair.Target!.Select(v => (byte)MathF.Round(255 * (v - low) / (high - low)))]);
    }
}
