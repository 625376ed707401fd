using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Media.Sources;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
using EmmaStream.Testing;

namespace EmmaStream.Metrics.Tests.Running;

public sealed class FolderEvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_methods_are_compared_over_pairs_matched_by_name()
    {
        for (int i = 0; i < 5; i++)
            Pair($"p{i}", 64, 50, i);
        EvaluationReport report = await RunAsync(Options());
        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], report.Items.Select(i => i.Name));
        Assert.Equal(["mean", "max"], report.Methods.Select(m => m.Name));
        PlaneTrio trio = TestPlanes.Trio(64, 50, 3);
        Scores expected = ImageMetrics.Measure(trio, new MetricsWorkspace());
        foreach (Metric metric in MetricCatalog.Standard)
            Assert.Equal(expected[metric], report.Items[3].Scores[0]![metric]);
        double mean = report.Items.Average(i => i.Scores[1]![MetricCatalog.VIF]!.Value);
        Assert.Equal(mean, report.Methods[1].Summaries.Single(s => s.Metric == MetricCatalog.VIF).Mean, 1e-12);
    }

    [Fact]
    public async Task Of_16_bit_gray_the_upper_8_bits_are_measured_as_opencv_reads_it_and_the_report_says_so()
    {
        Pair("p", 64, 50, 1);
        Assert.DoesNotContain((await RunAsync(Options())).Notes, n => n.Contains("16 bits", StringComparison.Ordinal));
        ushort[] samples = [.. Enumerable.Range(0, 64 * 50).Select(i => (ushort)(i * 20 + i % 7))];
        using (FramePool pool = new())
        using (Frame frame = pool.Rent(new FrameFormat(PixelFormat.Gray16, new FrameSize(64, 50)), default))
        {
            samples.CopyTo(frame.WritablePlane(0).Samples<ushort>());
            StillImage.Write(_folder["ir/p.png"], frame);
            GrayPlane plane = new(1, 1);
            new GrayPlaneReader(pool).Read(_folder["ir/p.png"], plane);
            Assert.Equal(samples.Select(s => (byte)(s >> 8)), plane.Samples.ToArray());
        }
        using OpenCvSharp.Mat published = OpenCvSharp.Cv2.ImRead(_folder["ir/p.png"], OpenCvSharp.ImreadModes.Color);
        Assert.Equal(samples.Select(s => (byte)(s >> 8)), Enumerable.Range(0, 64 * 50).Select(i => published.At<OpenCvSharp.Vec3b>(i / 64, i % 64).Item0));

        EvaluationReport report = await RunAsync(Options());
        Assert.Contains("1 of the pictures read have 16 bits: their upper 8 bits were measured, as the published evaluator reads them; the lower 8 do not count.", report.Notes);
    }

    [Fact]
    public async Task The_number_of_threads_changes_no_bit()
    {
        for (int i = 0; i < 6; i++)
            Pair($"p{i}", 45 + i, 50, i);
        EvaluationReport one = await RunAsync(Options() with { Threads = 1 }), four = await RunAsync(Options() with { Threads = 4 });
        foreach ((ItemReport a, ItemReport b) in one.Items.Zip(four.Items))
        {
            Assert.Equal(a.Name, b.Name);
            foreach (Metric metric in one.Metrics)
                Assert.Equal(a.Scores[0]![metric], b.Scores[0]![metric]);
        }
    }

    [Fact]
    public async Task Unpaired_names_are_listed_with_the_sides_that_lack_them()
    {
        Pair("both", 48, 48, 1);
        TestPlanes.Save(TestPlanes.Make(48, 48, 2), _folder["ir/only-ir.png"]);
        TestPlanes.Save(TestPlanes.Make(48, 48, 2), _folder["ir/no-max.png"]);
        TestPlanes.Save(TestPlanes.Make(48, 48, 3), _folder["vi/no-max.bmp"]);
        TestPlanes.Save(TestPlanes.Make(48, 48, 4), _folder["mean/no-max.png"]);
        EvaluationReport report = await RunAsync(Options());
        Assert.Equal(["no-max", "only-ir"], report.Unpaired.Select(u => u.Name));
        Assert.Equal(["max"], report.Unpaired[0].MissingIn);
        Assert.Equal(["visible", "mean", "max"], report.Unpaired[1].MissingIn);
        Assert.Equal(2, report.Items.Count);
        Assert.All(report.Methods, m => Assert.Equal(1, m.Items));
        Assert.Contains(report.Notes, n => n.Contains("1 of 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_corrupt_picture_among_many_is_named_skipped_and_counted()
    {
        for (int i = 0; i < 30; i++)
            Pair($"p{i:00}", 42, 42, i);
        File.WriteAllBytes(_folder["max/p17.png"], File.ReadAllBytes(_folder["max/p17.png"])[..300]);
        EvaluationReport report = await RunAsync(Options());
        SkippedItem skipped = Assert.Single(report.Skipped);
        Assert.Equal(("p17", "max"), (skipped.Name, skipped.Method));
        Assert.Contains("p17.png", skipped.Reason, StringComparison.Ordinal);
        Assert.Equal(30, report.Items.Count);
        Assert.All(report.Methods, m => Assert.Equal(29, m.Items));
    }

    [Fact]
    public async Task Sizes_that_differ_are_skipped_with_all_three_sizes()
    {
        Pair("good", 48, 48, 1);
        Pair("bad", 48, 48, 2);
        TestPlanes.Save(TestPlanes.Make(50, 48, 2), _folder["mean/bad.png"]);
        EvaluationReport report = await RunAsync(Options());
        SkippedItem skipped = Assert.Single(report.Skipped);
        Assert.Contains("fused 50x48, infrared 48x48, visible 48x48", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_too_small_for_VIF_has_the_other_metrics_and_the_refusal_is_said()
    {
        Pair("small", 40, 64, 1);
        EvaluationReport report = await RunAsync(Options());
        Assert.Null(report.Items[0].Scores[0]![MetricCatalog.VIF]);
        Assert.NotNull(report.Items[0].Scores[0]![MetricCatalog.SSIM]);
        Assert.Contains(report.Notes, n => n.Contains("VIF was refused on 1 of 1", StringComparison.Ordinal) && n.Contains("41x41", StringComparison.Ordinal));
        Assert.Equal("-", ComparisonTable.Of(report).Cells[0][report.Metrics.ToList().IndexOf(MetricCatalog.VIF)].Text);
    }

    [Fact]
    public async Task Values_that_are_not_finite_stay_out_of_means_and_are_counted()
    {
        Pair("a", 48, 48, 1);
        Pair("b", 48, 48, 2);
        TestPlanes.Save(TestPlanes.Constant(48, 48, 77), _folder["ir/b.png"]);
        EvaluationReport report = await RunAsync(Options());
        MetricSummary cc = report.Methods[0].Summaries.Single(s => s.Metric == MetricCatalog.CC);
        Assert.Equal((1, 1), (cc.Finite, cc.NonFinite));
        Assert.Equal(report.Items[0].Scores[0]![MetricCatalog.CC], cc.Mean);
        Assert.Equal(double.NaN, report.Items[1].Scores[0]![MetricCatalog.CC]);
        Assert.Contains(report.Notes, n => n.StartsWith("mean: CC is not finite on 1 of 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stretched_results_are_noticed()
    {
        for (int i = 0; i < 2; i++)
        {
            Pair($"p{i}", 48, 48, i);
            GrayPlane stretched = TestPlanes.Make(48, 48, i);
            (stretched.WritableSamples[0], stretched.WritableSamples[1]) = (0, 255);
            TestPlanes.Save(stretched, _folder[$"max/p{i}.png"]);
        }
        EvaluationReport report = await RunAsync(Options());
        Assert.Equal([0, 2], report.Methods.Select(m => m.FullRange));
        Assert.Contains(report.Notes, n => n.StartsWith("max: all 2 pictures span 0 to 255", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_n_th_pair_is_measured_on_demand()
    {
        for (int i = 0; i < 7; i++)
            Pair($"p{i}", 42, 42, i);
        EvaluationReport report = await RunAsync(Options() with { Every = 3 });
        Assert.Equal(["p0", "p3", "p6"], report.Items.Select(i => i.Name));
    }

    [Fact]
    public async Task Three_single_pictures_make_one_pair_whatever_their_names()
    {
        Pair("x", 48, 48, 1);
        EvaluationReport report = await RunAsync(Options() with
        {
            Infrared = _folder["ir/x.png"], Visible = _folder["vi/x.png"], Fused = [new("m", _folder["mean/x.png"])],
        });
        Assert.Single(report.Items);
    }

    [Fact]
    public async Task Of_two_sources_of_one_name_the_first_is_taken_as_fusion_takes_it_and_of_two_results_none()
    {
        Pair("a", 48, 48, 1);
        Pair("b", 48, 48, 1);
        TestPlanes.Save(TestPlanes.Make(48, 48, 1), _folder["vi/b.bmp"]);
        TestPlanes.Save(TestPlanes.Make(48, 48, 1), _folder["max/a.bmp"]);
        EvaluationReport report = await RunAsync(Options());
        Assert.Equal(["a", "b"], report.Items.Select(i => i.Name));
        Assert.Equal(_folder["vi/b.bmp"], report.Items[1].Files!.Visible);
        Assert.Equal([false, true], report.Items.Select(i => i.Scores[1] is not null));
        Assert.Equal([$"{_folder["max"]}: a.bmp, a.png have one name. Keep one of them", $"{_folder["vi/b.png"]}: has the name of b.bmp, which was taken. Keep one of them"], report.Skipped.Select(s => s.Line));
        Assert.Empty(report.Unpaired);
    }

    [Fact]
    public async Task What_fusion_pairs_is_paired_here_too_sub_folders_suffixes_and_one_folder_for_both()
    {
        Sources("one/00001_IR.png", "one/00001_VIS.png", 1);
        Sources("one/S/FLIR_2_ir.png", "one/S/FLIR_2_EO.png", 2);
        TestPlanes.Save(TestPlanes.Make(48, 48, 3), _folder["one/3_VIS.png"]);
        Result("fused/00001.png", 1);
        Result("fused/S/flir_2.png", 2);
        Result("named/00001_IR.png", 1);
        Result("named/S/FLIR_2_vis.bmp", 2);
        Result("named/3.png", 3);
        Result("named/4.png", 3);
        EvaluationReport report = await RunAsync(new()
        {
            Infrared = _folder["one"], Visible = _folder["one"], Fused = [FusedInput.Parse(_folder["fused"]), FusedInput.Parse(_folder["named"])],
        });
        Assert.Equal(PairedFolders.Match(_folder["one"], _folder["one"]).Pairs.Select(p => (p.Name, p.Infrared, p.Visible)), report.Items.Select(i => (i.Name, i.Files!.Infrared, i.Files.Visible)));
        Assert.Equal(["00001", "S/FLIR_2"], report.Items.Select(i => i.Name));
        Assert.All(report.Items, item => Assert.True(item.HasEveryMethod));
        Assert.Equal(["3: infrared fused", "4: infrared visible fused"], report.Unpaired.Select(u => $"{u.Name}: {string.Join(' ', u.MissingIn)}"));

        EvaluationReport numbered = await RunAsync(new() { Infrared = _folder["one/S"], Visible = _folder["one/S"], Fused = [FusedInput.Parse(_folder["fused/S"])] });
        Assert.Equal("FLIR_2", Assert.Single(numbered.Items).Name);
    }

    [Fact]
    public async Task Pairs_come_in_the_order_in_which_people_number_them()
    {
        foreach (int i in (int[])[10, 9, 1])
            Pair($"p{i}", 42, 42, i);
        Assert.Equal(["p1", "p9", "p10"], (await RunAsync(Options())).Items.Select(i => i.Name));
    }

    [Fact]
    public async Task A_line_about_a_damaged_picture_names_it_once()
    {
        Pair("a", 48, 48, 1);
        Pair("b", 48, 48, 1);
        Pair("c", 50, 48, 1);
        File.WriteAllText(_folder["ir/a.png"], "no picture");
        TestPlanes.Save(TestPlanes.Make(48, 48, 1), _folder["max/c.png"]);
        string[] lines = [.. (await RunAsync(Options())).Skipped.Select(s => s.Line)];
        Assert.StartsWith($"{_folder["ir/a.png"]}: is no PNG", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("c of max: sizes differ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_that_are_absent_empty_or_share_no_name_are_told_apart()
    {
        Pair("a", 48, 48, 1);
        Directory.CreateDirectory(_folder["empty"]);
        TestPlanes.Save(TestPlanes.Make(48, 48, 1), _folder["other/z.png"]);
        await FaultAsync(Options() with { Infrared = _folder["absent"] }, FaultKind.Input, "no such folder");
        await FaultAsync(Options() with { Visible = _folder["empty"] }, FaultKind.Input, "no picture in this folder");
        await FaultAsync(Options() with { Fused = [new("other", _folder["other"])] }, FaultKind.Input, "other has 'z'", "'a'");
        await FaultAsync(Options() with { Fused = [new("m", _folder["mean/a.png"])] }, FaultKind.Usage, "--ir is a folder", "--fused m is a picture");
        await FaultAsync(Options() with { Fused = [] }, FaultKind.Usage, "--fused");
        await FaultAsync(Options() with { Fused = [new("m", "x"), new("m", "y")], Every = 0 }, FaultKind.Usage, "'m'", "--every is 0");
        await FaultAsync(Options() with { Json = _folder["nowhere/x.json"] }, FaultKind.Output, "there is no folder");
    }

    [Theory]
    [InlineData("ir/a.png", "--ir")]
    [InlineData("here/vi/a.png", "--vi")]
    [InlineData("max/a.png", "--fused max")]
    [InlineData("registration.json", "--registration")]
    public async Task No_report_replaces_what_is_evaluated(string output, string option)
    {
        Pair("a", 48, 48, 1);
        Directory.CreateSymbolicLink(_folder["here"], ".");
        File.WriteAllText(_folder["registration.json"], "{}");
        byte[] before = File.ReadAllBytes(_folder[output]);
        EvaluationOptions options = Options() with { Registration = _folder["registration.json"] };
        await FaultAsync(options with { Json = _folder[output] }, FaultKind.Usage, output, option, "--report");
        await FaultAsync(options with { Csv = _folder[output] }, FaultKind.Usage, output, option, "--csv");
        await FaultAsync(options with { Html = _folder[output] }, FaultKind.Usage, output, option, "--html");
        Assert.Equal(before, File.ReadAllBytes(_folder[output]));
    }

    [Fact]
    public async Task No_report_replaces_another_or_the_folder_of_an_input()
    {
        Pair("a", 48, 48, 1);
        await FaultAsync(Options() with { Json = _folder["q"], Csv = _folder["./q"] }, FaultKind.Usage, "twice", "--csv", "--report");
        await FaultAsync(Options() with { Json = _folder["html/r.json"], Html = _folder["html"] }, FaultKind.Usage, "--report lies in the folder of --html");
        await RunAsync(Options() with { Html = _folder["html"] });
        await FaultAsync(Options() with { Html = _folder["html"], Infrared = _folder["html/images"] }, FaultKind.Usage, "holds the input of --ir");
        Assert.True(File.Exists(_folder["html/index.html"]));
    }

    [Theory]
    [InlineData("/proc/x.json")]
    [InlineData("nowhere/x.json")]
    [InlineData("ir")]
    public async Task A_report_that_cannot_be_written_is_refused_before_the_work(string output)
    {
        Pair("a", 48, 48, 1);
        Collected progress = new();
        foreach (EvaluationOptions options in new[] { Options() with { Json = _folder[output] }, Options() with { Csv = _folder[output] } })
        {
            Fault fault = await Assert.ThrowsAsync<Fault>(() => Evaluation.RunAsync(options, progress, TestContext.Current.CancellationToken));
            Assert.StartsWith(_folder[output], fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("partial-", fault.Message, StringComparison.Ordinal);
        }
        Assert.Empty(progress.Values);
    }

    [Fact]
    public async Task What_was_measured_is_not_lost_with_a_report_that_cannot_be_written()
    {
        Pair("a", 48, 48, 1);
        Directory.CreateDirectory(_folder["gone"]);
        EvaluationOptions options = Options() with { Json = _folder["gone/r.json"], Csv = _folder["r.csv"], Html = _folder["html"] };
        ReportsNotWritten failed = await Assert.ThrowsAsync<ReportsNotWritten>(
            () => Evaluation.RunAsync(options, new Told(() => Directory.CreateDirectory(_folder["gone"]).Delete()), TestContext.Current.CancellationToken));
        Assert.Contains("gone/r.json", failed.Message, StringComparison.Ordinal);
        Assert.Single(failed.Report.Items);
        Assert.True(File.Exists(_folder["r.csv"]) && File.Exists(_folder["html/index.html"]));
    }

    [Fact]
    public async Task When_nothing_can_be_measured_the_first_reason_is_the_message()
    {
        Pair("a", 48, 48, 1);
        File.WriteAllText(_folder["ir/a.png"], "no picture");
        await FaultAsync(Options(), FaultKind.Input, "none of 1 pair could", "a.png");
    }

    [Fact]
    public async Task Json_and_csv_hold_every_value_and_replace_older_files_whole()
    {
        Pair("quote\" and, comma", 48, 48, 1);
        Pair("b", 40, 40, 2);
        File.WriteAllText(_folder["r.csv"], "old");
        EvaluationReport report = await RunAsync(Options() with { Json = _folder["r.json"], Csv = _folder["r.csv"], LinfengTang = true });
        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(_folder["r.json"])).RootElement;
        Assert.Equal("emmastream/evaluation/1", json.GetProperty("schema").GetString());
        JsonElement b = json.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("name").GetString() == "b").GetProperty("scores").GetProperty("max");
        Assert.Equal(JsonValueKind.Null, b.GetProperty("VIF").ValueKind);
        Assert.Equal(report.Items[0].Scores[1]![MetricCatalog.Qabf], json.GetProperty("items")[0].GetProperty("scores").GetProperty("max").GetProperty("Qabf").GetDouble());
        string[] lines = File.ReadAllText(_folder["r.csv"]).Split("\r\n");
        Assert.StartsWith("row,name,method,seconds,width,height,EN,", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("image,\"quote\"\" and, comma\",max,,48,48,", StringComparison.Ordinal));
        Assert.Equal(1 + 4 + 6 + 1, lines.Length);
        Assert.All(lines[1..^1], l => Assert.Equal(lines[0].Split(',').Length, l.Replace("\"quote\"\" and, comma\"", "q", StringComparison.Ordinal).Split(',').Length));
        Assert.DoesNotContain(_folder.Names, n => n.Contains("tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_ends_at_the_total()
    {
        for (int i = 0; i < 4; i++)
            Pair($"p{i}", 42, 42, i);
        Collected progress = new();
        await Evaluation.RunAsync(Options(), progress, TestContext.Current.CancellationToken);
        Assert.Contains(progress.Values, p => p.Done == 4 && p.Total == 4 && p.PerSecond > 0);
    }

    [Fact]
    public async Task Cancelling_writes_nothing()
    {
        Pair("a", 48, 48, 1);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Evaluation.RunAsync(Options() with { Json = _folder["r.json"], Html = _folder["html"] }, null, cancelled.Token));
        Assert.Equal(["ir", "max", "mean", "vi"], _folder.Names);
    }

    private void Pair(string name, int width, int height, int seed)
    {
        PlaneTrio trio = TestPlanes.Trio(width, height, seed);
        TestPlanes.Save(trio.Infrared, _folder[$"ir/{name}.png"]);
        TestPlanes.Save(trio.Visible, _folder[$"vi/{name}.png"]);
        TestPlanes.Save(trio.Fused, _folder[$"mean/{name}.png"]);
        TestPlanes.Save(TestPlanes.Max(trio.Infrared, trio.Visible), _folder[$"max/{name}.png"]);
    }

    private void Sources(string infrared, string visible, int seed)
    {
        TestPlanes.Save(TestPlanes.Make(48, 48, seed), _folder[infrared]);
        TestPlanes.Save(TestPlanes.Make(48, 48, seed + 1000), _folder[visible]);
    }

    private void Result(string name, int seed) => TestPlanes.Save(TestPlanes.Trio(48, 48, seed).Fused, _folder[name]);

    private EvaluationOptions Options() => new()
    {
        Infrared = _folder["ir"], Visible = _folder["vi"], Fused = [FusedInput.Parse(_folder["mean"]), FusedInput.Parse($"max={_folder["max"]}")],
    };

    private static Task<EvaluationReport> RunAsync(EvaluationOptions options) => Evaluation.RunAsync(options, null, TestContext.Current.CancellationToken);

    private static async Task FaultAsync(EvaluationOptions options, FaultKind kind, params string[] parts)
    {
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options));
        Assert.Equal(kind, fault.Kind);
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', fault.Message);
    }

    private sealed class Told(Action act) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => act();
    }

    private sealed class Collected : IProgress<EvaluationProgress>
    {
        private readonly Lock _gate = new();

        public List<EvaluationProgress> Values { get; } = [];

        public void Report(EvaluationProgress value)
        {
            lock (_gate)
                Values.Add(value);
        }
    }
}
