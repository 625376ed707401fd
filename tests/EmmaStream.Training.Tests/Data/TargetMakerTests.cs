using EmmaStream.Core.Frames;
using EmmaStream.Metrics;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Testing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;
using Serilog.Core;

namespace EmmaStream.Training.Tests.Data;

public class TargetMakerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(255)]
    public void Flat_pictures_of_the_smallest_size_give_finite_levels(byte level)
    {
        byte[] flat = new byte[16 * 16];
        Array.Fill(flat, level);
        float[] target = new TargetMaker(new TargetOptions()).Make(new TrainingPair("flat", 16, 16, flat, flat));
        Assert.All(target, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void The_maximum_is_the_brighter_source()
    {
        TrainingPair pair = new("a", 2, 1, [10, 200], [30, 100]);
        Assert.Equal([30 / 255f, 200 / 255f], new TargetMaker(new TargetOptions { Kind = TargetKind.Maximum }).Make(pair));
    }

    [Fact]
    public async Task Scores_as_the_fusion_that_it_is_described_as()
    {
        string? root = SharedData.TryPath("data", "roadscene");
        Assert.SkipWhen(root is null, SharedData.Absent);
        PairSetOptions set = new() { Infrared = Path.Combine(root, "ir"), Visible = Path.Combine(root, "vi"), Only = Path.Combine(root, "train.txt"), Every = 15 };
        PairSets sets = await PairSets.LoadAsync([set], Logger.None, TestContext.Current.CancellationToken);
        TargetMaker maker = new(new TargetOptions { Gain = 1.8 });
        Scores[] scores = [.. sets.Sets[0].Select(pair =>
        {
            GrayPlane fused = new(pair.Width, pair.Height, [.. maker.Make(pair).Select(v => (byte)MathF.Round(255 * v))]);
            return ImageMetrics.Measure(new PlaneTrio(fused, new(pair.Width, pair.Height, pair.Infrared), new(pair.Width, pair.Height, pair.Visible)), new MetricsWorkspace());
        })];
        Assert.True(scores.Length > 8);
        Assert.InRange(Mean(MetricCatalog.SCD), 1.8, 2);
        Assert.InRange(Mean(MetricCatalog.VIF), 0.70, 0.85);
        Assert.InRange(Mean(MetricCatalog.Qabf), 0.55, 0.65);
        Assert.InRange(Mean(MetricCatalog.SSIM), 0.92, 1.02);

        double Mean(Metric metric) => scores.Average(s => s[metric]!.Value);
    }
}
