using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
using EmmaStream.Testing;

namespace EmmaStream.Metrics.Tests.Running;

public sealed class VideoEvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_golden_sequence_as_video_gives_the_golden_means()
    {
        Golden golden = Golden.Open();
        foreach (string name in new[] { "ir", "vi", "mean", "minmax" })
            await TestVideo.MakeAsync(_folder[$"{name}.mkv"], Enumerable.Range(0, 6).Select(t => golden.Plane($"seq/{name}_{t}.png")));
        EvaluationReport report = await RunAsync(Options("mean", "minmax"));
        Assert.Equal(6, report.Items.Count);
        Assert.Equal(0.2, report.Items[5].Seconds!.Value, 1e-6);
        (string Name, Metric Metric)[] rows =
        [
            ("TD", MetricCatalog.TD), ("XF", MetricCatalog.XF), ("PUMP", MetricCatalog.PUMP), ("EWARP_glk", MetricCatalog.EWARP),
            ("BiSWE_glk", MetricCatalog.BiSWE), ("MS2R_glk", MetricCatalog.MS2R),
        ];
        JsonElement results = golden.Root.GetProperty("temporal").GetProperty("results");
        foreach (MethodReport method in report.Methods)
        {
            foreach ((string name, Metric metric) in rows)
            {
                double expected = results.GetProperty(method.Name).GetProperty(name).GetProperty("mean").GetDouble();
                Golden.Close($"{method.Name} {name}", expected, method.Summaries.Single(s => s.Metric == metric).Mean, 1e-6);
            }
        }
    }

    [Fact]
    public async Task Every_second_frame_has_the_values_it_has_among_all_frames()
    {
        await MakeAsync("ir", 8, 1);
        await MakeAsync("vi", 8, 2);
        await MakeAsync("fused", 8, 3);
        EvaluationReport all = await RunAsync(Options("fused")), second = await RunAsync(Options("fused") with { Every = 3, Threads = 3 });
        Assert.Equal(["000000", "000003", "000006"], second.Items.Select(i => i.Name));
        foreach (ItemReport item in second.Items)
        {
            ItemReport same = all.Items.Single(i => i.Name == item.Name);
            foreach (Metric metric in all.Metrics)
                Assert.Equal(same.Scores[0]![metric], item.Scores[0]![metric]);
        }
        Assert.NotNull(second.Items[1].Scores[0]![MetricCatalog.BiSWE]);
    }

    [Fact]
    public async Task Limited_range_is_expanded_before_measuring()
    {
        GrayPlane ramp = new(256, 64);
        for (int i = 0; i < ramp.Area; i++)
            ramp.WritableSamples[i] = (byte)(i % 256);
        foreach (string name in new[] { "ir", "vi", "fused" })
            await TestVideo.MakeAsync(_folder[$"{name}.mkv"], [ramp, ramp], limited: true);
        EvaluationReport report = await RunAsync(Options("fused"));
        // All levels of the limited range, expanded: 220 of 256, from 0 to 255.
        Assert.Equal(1, report.Methods[0].FullRange / 2);
        Assert.Equal(ImageMetrics.Measure(new(ramp, ramp, ramp), new MetricsWorkspace())[MetricCatalog.SD]!.Value, report.Items[0].Scores[0]![MetricCatalog.SD]!.Value, 0.5);
    }

    [Fact]
    public void Limited_luma_goes_to_full_range_rounding_half_to_even()
    {
        using LeakCheckedPool pool = new();
        using Frame frame = Some.Frame(pool.Pool, width: 256, height: 1, pixels: PixelFormat.Yuv420P, range: ColorRange.Limited);
        for (int x = 0; x < 256; x++)
            frame.WritableBytes[x] = (byte)x;
        GrayPlane plane = new(1, 1);
        new GrayPlaneReader(pool.Pool).Take(frame, plane);
        for (int x = 0; x < 256; x++)
            Assert.Equal(Math.Clamp(Math.Round((x - 16) * 255.0 / 219), 0, 255), plane.Samples[x]);
        Assert.Equal((0, 255, 1), (plane.Samples[16], plane.Samples[235], plane.Samples[17]));
    }

    [Fact]
    public async Task The_shortest_video_ends_the_evaluation_and_the_note_names_it()
    {
        await MakeAsync("ir", 5, 1);
        await MakeAsync("vi", 4, 2);
        await MakeAsync("fused", 3, 3);
        EvaluationReport report = await RunAsync(Options("fused") with { Motion = false });
        Assert.Equal(3, report.Items.Count);
        Assert.True(report.IsComplete);
        Assert.Contains(report.Notes, n => n.Contains("3 frames", StringComparison.Ordinal) && n.Contains("fused.mkv", StringComparison.Ordinal) && !n.Contains("vi.mkv", StringComparison.Ordinal));
        Assert.DoesNotContain(MetricCatalog.EWARP, report.Metrics);
        Assert.Contains(MetricCatalog.XF, report.Metrics);
    }

    [Fact]
    public async Task A_video_cut_off_in_the_middle_is_measured_as_far_as_it_goes_and_the_report_says_so()
    {
        await MakeAsync("ir", 12, 1);
        await MakeAsync("vi", 12, 2);
        await MakeAsync("fused", 12, 3);
        byte[] bytes = File.ReadAllBytes(_folder["fused.mkv"]);
        File.WriteAllBytes(_folder["fused.mkv"], bytes[..(bytes.Length / 2)]);
        EvaluationReport report = await RunAsync(Options("fused") with { Motion = false });
        Assert.InRange(report.Items.Count, 1, 11);
        Assert.False(report.IsComplete);
        Assert.Contains("fused.mkv", Assert.Single(report.Skipped).Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Videos_of_different_sizes_are_refused_with_their_sizes()
    {
        await MakeAsync("ir", 2, 1);
        await MakeAsync("vi", 2, 2);
        await TestVideo.MakeAsync(_folder["fused.mkv"], [TestPlanes.Make(70, 48, 1)]);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(Options("fused")));
        Assert.Equal(FaultKind.Input, fault.Kind);
        Assert.Contains("70x48", fault.Message, StringComparison.Ordinal);
        Assert.Contains("64x48", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_video_has_curves_over_time_and_evenly_spread_frames()
    {
        await MakeAsync("ir", 9, 1);
        await MakeAsync("vi", 9, 2);
        await MakeAsync("fused", 9, 3);
        await RunAsync(Options("fused") with { Html = _folder["report"], HtmlPictures = 4 });
        Assert.True(File.Exists(_folder["report/plots/xf-time-light.png"]));
        string[] infrared = [.. Directory.EnumerateFiles(_folder["report/images"], "*-infrared.jpg").Select(f => Path.GetFileName(f)[..6]).Order()];
        Assert.Equal(["000000", "000004", "000008"], infrared);
        Assert.Equal(9, Directory.EnumerateFiles(_folder["report/images"]).Count());
    }

    private Task MakeAsync(string name, int frames, int seed) =>
        TestVideo.MakeAsync(_folder[$"{name}.mkv"], Enumerable.Range(0, frames).Select(t => TestPlanes.Make(64, 48, seed * 100 + t)));

    private EvaluationOptions Options(params string[] methods) => new()
    {
        Infrared = _folder["ir.mkv"], Visible = _folder["vi.mkv"], Fused = [.. methods.Select(m => FusedInput.Parse(_folder[$"{m}.mkv"]))],
    };

    private static Task<EvaluationReport> RunAsync(EvaluationOptions options) => Evaluation.RunAsync(options, null, TestContext.Current.CancellationToken);
}
