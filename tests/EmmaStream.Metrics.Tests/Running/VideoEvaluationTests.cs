using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Imaging;
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
        Assert.Equal(2, report.Skipped[0].Line.Split("fused.mkv").Length);
    }

    [Fact]
    public async Task A_folder_of_frames_stands_for_a_video_and_gives_its_values()
    {
        foreach (string name in new[] { "ir", "vi", "fused" })
        {
            await TestVideo.MakeAsync(_folder[$"{name}.mkv"], Enumerable.Range(0, 12).Select(t => TestPlanes.Make(64, 48, t + name.Length)));
            for (int t = 0; t < 12; t++)
                TestPlanes.Save(TestPlanes.Make(64, 48, t + name.Length), _folder[$"{name}/{t + 1}.png"]);
        }
        EvaluationReport video = await RunAsync(Options("fused") with { Motion = false });
        foreach (EvaluationOptions options in new[]
        {
            Options() with { Fused = [FusedInput.Parse(_folder["fused"])] },
            Options("fused") with { Infrared = _folder["ir"], Visible = _folder["vi"] },
        })
        {
            EvaluationReport folder = await RunAsync(options with { Motion = false });
            Assert.Equal(EvaluationKind.Video, folder.Kind);
            Assert.Equal(video.Items.Select(i => i.Scores[0]![MetricCatalog.TD]), folder.Items.Select(i => i.Scores[0]![MetricCatalog.TD]));
        }
    }

    [Fact]
    public async Task Folders_of_both_sources_are_paired_by_name_as_for_fusion_before_they_stand_for_videos()
    {
        await TestVideo.MakeAsync(_folder["fused.mkv"], Enumerable.Range(0, 3).Select(t => TestPlanes.Make(64, 48, t)));
        foreach (int t in (int[])[0, 1, 2])
        {
            TestPlanes.Save(TestPlanes.Make(64, 48, t), _folder[$"both/{t}_IR.png"]);
            TestPlanes.Save(TestPlanes.Make(64, 48, t), _folder[$"both/{t}_VI.png"]);
        }
        TestPlanes.Save(TestPlanes.Make(64, 48, 9), _folder["both/00_IR.png"]);
        EvaluationReport report = await RunAsync(Options("fused") with { Infrared = _folder["both"], Visible = _folder["both"], Motion = false });
        Assert.Equal(3, report.Items.Count);
        Assert.All(report.Items, i => Assert.Equal(0, i.Scores[0]![MetricCatalog.MSE]));
        Assert.Contains(report.Notes, n => n.Contains("00_IR.png", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_of_frames_with_a_damaged_one_or_one_of_another_size_ends_there_and_no_frame_moves_up()
    {
        await MakeAsync("ir", 8, 1);
        await MakeAsync("vi", 8, 2);
        for (int t = 0; t < 8; t++)
            TestPlanes.Save(TestPlanes.Make(64, 48, t), _folder[$"frames/{t}.png"]);
        TestPlanes.Save(TestPlanes.Make(50, 48, 5), _folder["frames/5.png"]);
        EvaluationOptions options = Options() with { Fused = [FusedInput.Parse(_folder["frames"])], Motion = false };
        EvaluationReport report = await RunAsync(options);
        Assert.Equal((5, false), (report.Items.Count, report.IsComplete));
        Assert.Contains("frame 5 is 50x48, the first 64x48", Assert.Single(report.Skipped).Line, StringComparison.Ordinal);
        File.WriteAllText(_folder["frames/3.png"], "no picture");
        report = await RunAsync(options);
        Assert.Equal((3, false), (report.Items.Count, report.IsComplete));
        Assert.StartsWith($"{_folder["frames/3.png"]}: is no PNG", Assert.Single(report.Skipped).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_beside_a_video_whose_sizes_do_not_fit_is_told_how_it_was_read_and_a_picture_is_refused()
    {
        await MakeAsync("fused", 2, 1);
        foreach (string name in new[] { "ir", "vi" })
            TestPlanes.Save(TestPlanes.Make(70, 50, 1), _folder[$"{name}/a.png"]);
        EvaluationOptions options = Options("fused") with { Infrared = _folder["ir"], Visible = _folder["vi"] };
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options));
        Assert.Contains($"Beside a video, {_folder["ir"]} and {_folder["vi"]} are read as videos", fault.Message, StringComparison.Ordinal);
        Assert.Contains("for pictures paired by name give folders only", fault.Message, StringComparison.Ordinal);
        fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options with { Infrared = _folder["ir/a.png"] }));
        Assert.Equal(FaultKind.Usage, fault.Kind);
    }

    [Fact]
    public async Task A_slower_infrared_is_paired_by_time_as_fusion_pairs_it()
    {
        // At 25 and 10 frames a second visible frame n is nearest to infrared frame n / 2.5, the earlier one at a tie. Equal pictures tell who met whom.
        GrayPlane[] infrared = [.. Enumerable.Range(0, 9).Select(t => TestPlanes.Make(64, 48, t))];
        await TestVideo.MakeAsync(_folder["ir.mkv"], infrared, framesPerSecond: 10);
        foreach (string name in new[] { "vi", "fused" })
            await TestVideo.MakeAsync(_folder[$"{name}.mkv"], Enumerable.Range(0, 20).Select(n => infrared[(int)Math.Ceiling(n / 2.5 - 0.5)]));
        EvaluationReport report = await RunAsync(Options("fused") with { Motion = false });
        Assert.Equal(Enumerable.Repeat<double?>(0, 20), report.Items.Select(i => i.Scores[0]![MetricCatalog.MSE]));
        report = await RunAsync(Options("fused") with { Motion = false, PairBy = PairBy.Index });
        Assert.Equal(9, report.Items.Count);
        Assert.All(report.Items.Skip(1), i => Assert.NotEqual(0, i.Scores[0]![MetricCatalog.MSE]));

        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(Options("fused") with { Fused = [FusedInput.Parse(_folder["ir.mkv"])] }));
        Assert.Contains("ir.mkv has 10 frames a second", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_time_offset_of_the_option_or_the_registration_decides_who_meets_whom(bool byRegistration)
    {
        // The infrared clock is 120 ms, three frames, behind: visible frame n shows what infrared frame n - 3 does.
        await MakeAsync("ir", 10, 1);
        foreach (string name in new[] { "vi", "fused" })
            await TestVideo.MakeAsync(_folder[$"{name}.mkv"], Enumerable.Range(0, 10).Select(t => TestPlanes.Make(64, 48, 100 + t - 3)));
        File.WriteAllText(_folder["r.json"], """
            { "version": 1, "infrared": { "width": 64, "height": 48 }, "visible": { "width": 64, "height": 48 },
              "infraredToVisible": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "timeOffsetMs": 120 }
            """);
        EvaluationReport report = await RunAsync(Options("fused") with
        {
            Motion = false, InfraredOffset = byRegistration ? null : TimeSpan.FromMilliseconds(120), Registration = byRegistration ? _folder["r.json"] : null,
        });
        Assert.Equal(["000003", "000004", "000005", "000006", "000007", "000008", "000009"], report.Items.Select(i => i.Name));
        Assert.All(report.Items, i => Assert.Equal(0, i.Scores[0]![MetricCatalog.MSE]));
        Assert.Equal([false, true, true, true, true, true, true], report.Items.Select(i => i.Scores[0]![MetricCatalog.TD] is not null));
        Assert.Contains("3 visible frames have no infrared frame near in time and were not measured.", report.Notes);
    }

    [Fact]
    public async Task A_fused_video_that_its_encoder_made_even_is_told_apart_from_other_sizes()
    {
        await TestVideo.MakeAsync(_folder["fused.mkv"], [TestPlanes.Make(64, 48, 1)]);
        foreach (string name in new[] { "ir", "vi" })
            TestPlanes.Save(TestPlanes.Make(63, 47, 1), _folder[$"{name}/a.png"]);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(Options("fused") with { Infrared = _folder["ir"], Visible = _folder["vi"] }));
        Assert.Contains("Fuse into a folder of pictures", fault.Message, StringComparison.Ordinal);
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
    public async Task Frames_of_16_bits_have_pictures_in_the_page_too()
    {
        await MakeAsync("ir", 2, 1);
        await MakeAsync("vi", 2, 2);
        using (FramePool pool = new())
        using (Frame frame = pool.Rent(new FrameFormat(PixelFormat.Gray16, new FrameSize(64, 48)), default))
        {
            frame.WritablePlane(0).Samples<ushort>().Fill(30000);
            Directory.CreateDirectory(_folder["deep"]);
            StillImage.Write(_folder["deep/0.png"], frame);
            StillImage.Write(_folder["deep/1.png"], frame);
        }
        await RunAsync(Options() with { Fused = [FusedInput.Parse(_folder["deep"])], Motion = false, Html = _folder["report"] });
        Assert.True(File.Exists(_folder["report/images/000001-fused1.jpg"]));
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
