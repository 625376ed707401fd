using System.Text.Json;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Tests.Images;

public sealed class GoldenImageTests
{
    [Fact]
    public void Every_gray_plane_read_through_OpenCV_has_the_golden_hash()
    {
        Golden golden = Golden.Open();
        int count = 0;
        foreach (JsonProperty plane in golden.Root.GetProperty("planes").EnumerateObject())
        {
            JsonElement value = plane.Value;
            string expected = (value.TryGetProperty("gray_sha256", out JsonElement gray) ? gray : value.GetProperty("sha256")).GetString()!;
            Assert.True(expected == Golden.HashOf(golden.Plane(plane.Name)), plane.Name);
            count++;
        }
        Assert.Equal(42, count);
    }

    [Fact]
    public void All_42_cases_match_the_double_goldens_and_the_published_precision()
    {
        Golden golden = Golden.Open();
        MetricsWorkspace workspace = new();
        int count = 0;
        foreach (JsonElement item in golden.Root.GetProperty("cases").EnumerateArray())
        {
            PlaneTrio trio = golden.Trio(item);
            Assert.Equal(item.GetProperty("fused_sha256").GetString(), Golden.HashOf(trio.Fused));
            Check(golden, item, ImageMetrics.Measure(trio, workspace), $"{item.GetProperty("pair")} {item.GetProperty("case")}");
            count++;
        }
        Assert.Equal(42, count);
    }

    [Theory]
    [InlineData("all_constant")]
    [InlineData("all_equal_constant")]
    [InlineData("ir_constant")]
    [InlineData("all_identical")]
    [InlineData("pattern")]
    [InlineData("inverted")]
    public void The_edge_case_matches(string name)
    {
        Golden golden = Golden.Open();
        JsonElement item = golden.Root.GetProperty("edge_cases").EnumerateArray().Single(c => c.GetProperty("case").GetString() == name);
        PlaneTrio trio = EdgePattern.Make(name);
        Assert.Equal(item.GetProperty("fused_sha256").GetString(), Golden.HashOf(trio.Fused));
        Assert.Equal(item.GetProperty("ir_sha256").GetString(), Golden.HashOf(trio.Infrared));
        Assert.Equal(item.GetProperty("vi_sha256").GetString(), Golden.HashOf(trio.Visible));
        Scores scores = ImageMetrics.Measure(trio, new MetricsWorkspace(), linfengTang: true);
        Check(golden, item, scores, name);
        CheckLinfengTang(item.GetProperty("matlab"), scores, name);
        Assert.False(double.IsNegative(scores[MetricCatalog.EN]!.Value));
    }

    [Fact]
    public void The_halves_and_parts_of_every_metric_match()
    {
        Golden golden = Golden.Open();
        MetricsWorkspace workspace = new();
        foreach (JsonElement item in golden.Root.GetProperty("cases").EnumerateArray())
        {
            PlaneTrio trio = golden.Trio(item);
            workspace.Load(trio);
            TrioSums sums = TrioSums.Of(trio);
            Detail detail = new(item);
            SpatialFrequency.Steps steps = SpatialFrequency.Measure(trio.Fused);
            detail.Close("SF_row_ms", steps.Rows, 1e-9);
            detail.Close("SF_col_ms", steps.Columns, 1e-9);
            detail.Close("MI", MutualInformation.Measure(trio, workspace), 1e-9);
            detail.Close("MSE", MeanSquaredError.Measure(sums), 1e-9);
            detail.Close("CC", Correlation.Measure(sums), 1e-9);
            detail.Close("PSNR_peak", sums.Peak, 0);
            detail.Close("SCD", SumOfCorrelations.Measure(sums), 1e-9);
            StructuralSimilarity.Similarity similarity = StructuralSimilarity.Measure(workspace);
            detail.Close("SSIM", similarity.Range2, 1e-6);
            detail.Close("SSIM255", similarity.Range255, 1e-7);
            EdgeTransfer.Result edges = EdgeTransfer.Measure(workspace);
            detail.Close("Qabf_sum_gA", edges.StrengthInfrared, 1e-5);
            detail.Close("Qabf_sum_gB", edges.StrengthVisible, 1e-5);
            detail.Close("Qabf_sum_QA_gA", edges.KeptInfrared, 1e-5);
            detail.Close("Qabf_sum_QB_gB", edges.KeptVisible, 1e-5);
            VisualInformationFidelity.Result fidelity = VisualInformationFidelity.Measure(workspace);
            detail.Close("VIF", fidelity.Halves, 1e-6);
            detail.Close("VIF_A_num", fidelity.NumeratorA, 1e-6);
            detail.Close("VIF_A_den", fidelity.DenominatorA, 1e-6);
            detail.Close("VIF_B_num", fidelity.NumeratorB, 1e-6);
            detail.Close("VIF_B_den", fidelity.DenominatorB, 1e-6);
        }
    }

    [Fact]
    public void The_Linfeng_Tang_footings_match_his_evaluator()
    {
        Golden golden = Golden.Open();
        MetricsWorkspace workspace = new();
        foreach (JsonElement item in golden.Root.GetProperty("cases").EnumerateArray())
        {
            Scores scores = ImageMetrics.Measure(golden.Trio(item), workspace, linfengTang: true);
            CheckLinfengTang(item.GetProperty("matlab"), scores, $"{item.GetProperty("pair")} {item.GetProperty("case")}");
        }
    }

    private static void Check(Golden golden, JsonElement item, Scores scores, string what)
    {
        foreach (JsonProperty expected in item.GetProperty("f64").EnumerateObject())
        {
            Metric metric = MetricCatalog.Find(expected.Name)!;
            double tolerance = golden.Root.GetProperty("tolerance_abs_f64").GetProperty(metric.Name).GetProperty("abs").GetDouble();
            Golden.Close($"{what} {metric}", Golden.Number(expected.Value), scores[metric]!.Value, tolerance);
        }
        foreach (JsonProperty expected in item.GetProperty("f32").EnumerateObject())
        {
            Metric metric = MetricCatalog.Find(expected.Name)!;
            double tolerance = golden.Root.GetProperty("tolerance_abs_f32").GetProperty(metric.Name).GetDouble();
            Golden.Close($"{what} {metric} (f32)", Golden.Number(expected.Value), scores[metric]!.Value, tolerance);
        }
    }

    private static void CheckLinfengTang(JsonElement matlab, Scores scores, string what)
    {
        (string Name, Metric Metric, double Tolerance)[] rows =
        [
            ("AG", MetricCatalog.LinfengTangAG, 1e-9), ("MI", MetricCatalog.LinfengTangMI, 1e-9), ("MSE", MetricCatalog.LinfengTangMSE, 1e-9),
            ("PSNR", MetricCatalog.LinfengTangPSNR, 1e-9), ("SSIM", MetricCatalog.LinfengTangSSIM, 1e-6), ("Nabf", MetricCatalog.Nabf, 1e-9),
        ];
        foreach ((string name, Metric metric, double tolerance) in rows)
            Golden.Close($"{what} {metric}", Golden.Number(matlab.GetProperty(name)), scores[metric]!.Value, tolerance);
    }

    private sealed class Detail(JsonElement item)
    {
        private readonly JsonElement _detail = item.GetProperty("detail");
        private readonly string _what = $"{item.GetProperty("pair")} {item.GetProperty("case")}";

        public void Close(string name, double actual, double tolerance) =>
            Golden.Close($"{_what} {name}", Golden.Number(_detail.GetProperty(name)), actual, tolerance);

        public void Close(string name, SourceHalves actual, double tolerance)
        {
            Close($"{name}_A", actual.Infrared, tolerance);
            Close($"{name}_B", actual.Visible, tolerance);
        }

        public void Close(string name, double[] actual, double tolerance)
        {
            double[] expected = [.. _detail.GetProperty(name).EnumerateArray().Select(Golden.Number)];
            for (int i = 0; i < expected.Length; i++)
                Golden.Close($"{_what} {name}[{i}]", expected[i], actual[i], tolerance);
        }
    }
}
