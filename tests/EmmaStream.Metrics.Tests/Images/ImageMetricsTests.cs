using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using FsCheck.Xunit;

namespace EmmaStream.Metrics.Tests.Images;

public sealed class ImageMetricsTests
{
    // Every remainder of the vector width, at sizes that no golden has.
    [Property(MaxTest = 24)]
    public void Window_metrics_equal_their_definitions_at_any_size(byte width, byte height, int seed)
    {
        PlaneTrio trio = TestPlanes.Trio(41 + width % 24, 41 + height % 24, seed);
        Scores scores = ImageMetrics.Measure(trio, new MetricsWorkspace());
        string what = $"{trio.Width}x{trio.Height}, seed {seed}";
        Golden.Close($"VIF {what}", ReferenceMetrics.Vif(trio), scores[MetricCatalog.VIF]!.Value, 1e-9);
        Golden.Close($"SSIM {what}", ReferenceMetrics.Ssim(trio, 2), scores[MetricCatalog.SSIM]!.Value, 1e-9);
        Golden.Close($"SSIM255 {what}", ReferenceMetrics.Ssim(trio, 255), scores[MetricCatalog.SSIM255]!.Value, 1e-9);
        Golden.Close($"Qabf {what}", ReferenceMetrics.Qabf(trio), scores[MetricCatalog.Qabf]!.Value, 1e-10);
        Golden.Close($"AG {what}", ReferenceMetrics.Ag(trio.Fused), scores[MetricCatalog.AG]!.Value, 1e-10);
    }

    [Property(MaxTest = 60)]
    public void Small_pictures_have_every_metric_that_is_defined_on_them(byte width, byte height, int seed)
    {
        PlaneTrio trio = TestPlanes.Trio(1 + width % 12, 1 + height % 12, seed);
        Scores scores = ImageMetrics.Measure(trio, new MetricsWorkspace(), linfengTang: true);
        int side = Math.Min(trio.Width, trio.Height);
        foreach (Metric metric in MetricCatalog.Standard.Concat(MetricCatalog.LinfengTang))
            Assert.Equal(side >= metric.MinimumSide, scores[metric] is not null);
        Golden.Close("AG", ReferenceMetrics.Ag(trio.Fused), scores[MetricCatalog.AG]!.Value, 1e-10);
        Golden.Close("Qabf", ReferenceMetrics.Qabf(trio), scores[MetricCatalog.Qabf]!.Value, 1e-10);
    }

    [Fact]
    public void Swapping_the_sources_changes_nothing()
    {
        PlaneTrio trio = TestPlanes.Trio(90, 61, 5);
        Scores one = ImageMetrics.Measure(trio, new MetricsWorkspace()), other = ImageMetrics.Measure(new(trio.Fused, trio.Visible, trio.Infrared), new MetricsWorkspace());
        foreach (Metric metric in MetricCatalog.Standard)
            Golden.Close(metric.Name, one[metric]!.Value, other[metric]!.Value, 1e-12);
    }

    [Fact]
    public void A_workspace_that_measured_another_size_gives_the_same_bits()
    {
        PlaneTrio trio = TestPlanes.Trio(77, 53, 1);
        MetricsWorkspace used = new();
        foreach ((int width, int height) in new[] { (200, 90), (41, 300), (64, 64), (3, 2) })
            ImageMetrics.Measure(TestPlanes.Trio(width, height, 9), used, linfengTang: true);
        Scores fresh = ImageMetrics.Measure(trio, new MetricsWorkspace(), linfengTang: true), again = ImageMetrics.Measure(trio, used, linfengTang: true);
        foreach (Metric metric in MetricCatalog.Standard.Concat(MetricCatalog.LinfengTang))
            Assert.Equal(fresh[metric], again[metric]);
    }

    [Fact]
    public void A_black_fused_picture_has_the_defined_infinity_and_NaN()
    {
        PlaneTrio trio = TestPlanes.Trio(60, 50, 3);
        Scores scores = ImageMetrics.Measure(new(TestPlanes.Constant(60, 50, 0), trio.Infrared, trio.Visible), new MetricsWorkspace());
        Assert.Equal(double.NegativeInfinity, scores[MetricCatalog.PSNR]);
        Assert.Equal(double.NaN, scores[MetricCatalog.CC]);
        Assert.Equal(0, scores[MetricCatalog.VIF]);
        Assert.Equal(0, scores[MetricCatalog.EN]);
    }

    [Fact]
    public void Black_everywhere_has_no_Qabf()
    {
        GrayPlane black = TestPlanes.Constant(48, 48, 0);
        Scores scores = ImageMetrics.Measure(new(black, black, black), new MetricsWorkspace());
        Assert.Equal(double.NaN, scores[MetricCatalog.Qabf]);
        Assert.Equal(double.PositiveInfinity, scores[MetricCatalog.PSNR]);
        Assert.Equal(2, scores[MetricCatalog.VIF]);
    }

    [Fact]
    public void Sums_are_exact_beyond_32_bits()
    {
        GrayPlane white = TestPlanes.Constant(1500, 1100, 255);
        TrioSums sums = TrioSums.Of(new(white, white, white));
        Assert.Equal(65025L * 1_650_000, sums.FF);
        Assert.Equal(65025L * 1_650_000, sums.AB);
        Assert.Equal(255L * 1_650_000, sums.B);
        Assert.Equal(255, sums.Peak);
    }

    [Fact]
    public void Vif_names_the_smallest_size_it_takes()
    {
        MetricsWorkspace workspace = new();
        workspace.Load(TestPlanes.Trio(40, 60, 1));
        ArgumentException error = Assert.Throws<ArgumentException>(() => VisualInformationFidelity.Measure(workspace));
        Assert.Contains("41x41", error.Message, StringComparison.Ordinal);
        Assert.Contains("40x60", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Planes_of_different_sizes_make_no_trio() =>
        Assert.Throws<ArgumentException>(() => new PlaneTrio(new(4, 4), new(4, 4), new(4, 5)));

    [Fact]
    public void Measuring_with_a_kept_workspace_allocates_next_to_nothing()
    {
        PlaneTrio trio = TestPlanes.Trio(320, 240, 1);
        MetricsWorkspace workspace = new();
        ImageMetrics.Measure(trio, workspace);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageMetrics.Measure(trio, workspace);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }
}
