using EmmaStream.Core.Faults;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
using EmmaStream.Registration.Warping;
using EmmaStream.Testing;

namespace EmmaStream.Metrics.Tests.Reading;

public sealed class InfraredRegistrationTests : IDisposable
{
    private const string Shift = "[[1,0,5],[0,1,-3],[0,0,1]]", Identity = "[[1,0,0],[0,1,0],[0,0,1]]";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_shift_moves_the_infrared_and_the_visible_fills_what_it_does_not_reach()
    {
        GrayPlane infrared = TestPlanes.Make(60, 50, 1), visible = TestPlanes.Make(60, 50, 2);
        GrayPlane original = new(60, 50);
        original.CopyFrom(infrared);
        Apply(Json(Shift), infrared, visible);
        for (int y = 0; y < 50; y++)
        {
            for (int x = 0; x < 60; x++)
            {
                // The infrared lies over columns 5 to 64 and rows -3 to 46.
                if (x is >= 5 + WarpMap.SoftEdge and <= 64 - WarpMap.SoftEdge && y is >= -3 + WarpMap.SoftEdge and <= 46 - WarpMap.SoftEdge)
                    Assert.Equal(original.Row(y + 3)[x - 5], infrared.Row(y)[x]);
                else if (x < 5 || y >= 47)
                    Assert.Equal(visible.Row(y)[x], infrared.Row(y)[x]);
            }
        }
    }

    [Fact]
    public async Task A_registered_evaluation_measures_and_shows_the_registered_infrared()
    {
        GrayPlane infrared = TestPlanes.Make(60, 50, 1), visible = TestPlanes.Make(60, 50, 2);
        GrayPlane registered = new(60, 50), reference = new(60, 50);
        registered.CopyFrom(infrared);
        reference.CopyFrom(visible);
        Apply(Json(Shift), registered, reference);
        TestPlanes.Save(infrared, _folder["ir/a.png"]);
        TestPlanes.Save(visible, _folder["vi/a.png"]);
        TestPlanes.Save(TestPlanes.Mean(registered, visible), _folder["fused/a.png"]);
        EvaluationReport report = await Evaluation.RunAsync(
            new()
            {
                Infrared = _folder["ir"], Visible = _folder["vi"], Fused = [new("fused", _folder["fused"])],
                Registration = _folder["registration.json"], Html = _folder["report"],
            },
            null, TestContext.Current.CancellationToken);
        Scores expected = ImageMetrics.Measure(new(TestPlanes.Mean(registered, visible), registered, visible), new MetricsWorkspace());
        Assert.Equal(expected[MetricCatalog.MI], report.Items[0].Scores[0]![MetricCatalog.MI]);
        using LeakCheckedPool pool = new();
        GrayPlane shown = new(1, 1);
        new GrayPlaneReader(pool.Pool).Read(_folder["report/images/00001-infrared.png"], shown);
        Assert.True(registered.Samples.SequenceEqual(shown.Samples));
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_refused()
    {
        Fault fault = Assert.Throws<Fault>(() => Apply("{", TestPlanes.Make(60, 50, 1), TestPlanes.Make(60, 50, 2)));
        Assert.Equal(FaultKind.Usage, fault.Kind);
    }

    [Fact]
    public void Pictures_of_another_size_are_refused()
    {
        Fault fault = Assert.Throws<Fault>(() => Apply(Json(Shift), TestPlanes.Make(64, 50, 1), TestPlanes.Make(60, 50, 2)));
        Assert.Contains("64x50", fault.Message, StringComparison.Ordinal);
    }

    private static string Json(string infraredToVisible, string more = "") =>
        "{\"version\":1,\"infrared\":{\"width\":60,\"height\":50},\"visible\":{\"width\":60,\"height\":50,\"lens\":{\"model\":\"none\"}},"
        + "\"output\":{\"width\":60,\"height\":50,\"visibleToOutput\":" + Identity + "},\"infraredToVisible\":" + infraredToVisible + more + "}";

    private void Apply(string json, GrayPlane infrared, GrayPlane visible)
    {
        File.WriteAllText(_folder["registration.json"], json);
        using InfraredRegistration registration = InfraredRegistration.Read(_folder["registration.json"]);
        registration.Apply(infrared, visible);
    }
}
