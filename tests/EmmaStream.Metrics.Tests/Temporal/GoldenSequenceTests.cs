using System.Text.Json;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Temporal;

namespace EmmaStream.Metrics.Tests.Temporal;

public sealed class GoldenSequenceTests
{
    private static readonly string[] s_methods = ["mean", "flicker", "minmax"];

    [Fact]
    public void The_sequence_matches_step_by_step()
    {
        Golden golden = Golden.Open();
        JsonElement temporal = golden.Root.GetProperty("temporal");
        List<Scores[]> frames = Measure(Frames(golden));
        for (int m = 0; m < s_methods.Length; m++)
        {
            JsonElement expected = temporal.GetProperty("results").GetProperty(s_methods[m]);
            foreach ((string name, Metric metric, double tolerance) in Rows())
            {
                double[] steps = [.. expected.GetProperty(name).GetProperty("per_step").EnumerateArray().Select(Golden.Number)];
                double[] actual = [.. frames.Select(f => f[m][metric]).OfType<double>()];
                Assert.Equal(steps.Length, actual.Length);
                for (int i = 0; i < steps.Length; i++)
                    Golden.Close($"{s_methods[m]} {metric} step {i}", steps[i], actual[i], tolerance);
                Golden.Close($"{s_methods[m]} {metric}", Golden.Number(expected.GetProperty(name).GetProperty("mean")), actual.Average(), tolerance);
            }
        }
    }

    [Fact]
    public void Planes_of_the_sequence_have_the_golden_hashes()
    {
        Golden golden = Golden.Open();
        int count = 0;
        foreach (JsonProperty plane in golden.Root.GetProperty("temporal").GetProperty("planes").EnumerateObject())
        {
            Assert.True(plane.Value.GetProperty("sha256").GetString() == Golden.HashOf(golden.Plane(plane.Name)), plane.Name);
            count++;
        }
        Assert.Equal(30, count);
    }

    [Fact]
    public void The_flow_of_a_known_shift_is_found()
    {
        Golden golden = Golden.Open();
        GrayPlane from = golden.Plane("seq/vi_1.png");
        FlowField flow = GridFlow.Measure(from, golden.Plane("seq/vi_0.png"));
        double[] x = new double[from.Area], y = new double[from.Area];
        flow.Expand(x, y);
        JsonElement probe = golden.Root.GetProperty("temporal").GetProperty("results").GetProperty("flow_probe").GetProperty("glk_mean_xy");
        Golden.Close("mean x", probe[0].GetDouble(), x.Average(), 1e-6);
        Golden.Close("mean y", probe[1].GetDouble(), y.Average(), 1e-6);
    }

    private static List<Scores[]> Measure(List<FrameSet> frames)
    {
        List<FrameStep> steps = [.. frames.Zip(frames.Skip(1), (a, b) => new FrameStep(a, b))];
        TemporalMetrics metrics = new();
        List<Scores[]> scores = [];
        for (int t = 0; t < frames.Count; t++)
        {
            scores.Add([.. s_methods.Select(_ => new Scores())]);
            metrics.Measure(t == 0 ? null : steps[t - 1], t == steps.Count ? null : steps[t], scores[t]);
        }
        return scores;
    }

    private static List<FrameSet> Frames(Golden golden) =>
        [.. Enumerable.Range(0, 6).Select(t => new FrameSet(
            t, golden.Plane($"seq/ir_{t}.png"), golden.Plane($"seq/vi_{t}.png"), [.. s_methods.Select(m => golden.Plane($"seq/{m}_{t}.png"))]))];

    private static (string Name, Metric Metric, double Tolerance)[] Rows() =>
    [
        ("TD", MetricCatalog.TD, 1e-9), ("XF", MetricCatalog.XF, 1e-9), ("PUMP", MetricCatalog.PUMP, 1e-9),
        ("EWARP_glk", MetricCatalog.EWARP, 1e-6), ("BiSWE_glk", MetricCatalog.BiSWE, 1e-6), ("MS2R_glk", MetricCatalog.MS2R, 1e-6),
    ];
}
