using EmmaStream.Core.Faults;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
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
        GrayPlane infrared = TestPlanes.Make(60, 50, 1), visible = TestPlanes.Make(60, 50, 2), fused = TestPlanes.Make(60, 50, 3);
        GrayPlane original = new(60, 50);
        original.CopyFrom(infrared);
        Read(Json(Shift)).Apply(infrared, visible, [fused]);
        for (int y = 0; y < 50; y++)
        {
            for (int x = 0; x < 60; x++)
                Assert.Equal(x >= 5 && y < 47 ? original.Row(y + 3)[x - 5] : visible.Row(y)[x], infrared.Row(y)[x]);
        }
    }

    [Fact]
    public void A_crop_applies_to_all_three_and_the_active_profile_counts()
    {
        GrayPlane infrared = TestPlanes.Make(60, 50, 1), visible = TestPlanes.Make(60, 50, 2), fused = TestPlanes.Make(60, 50, 3);
        byte expected = infrared.Row(12 + 3)[20 - 5], fusedExpected = fused.Row(12)[20];
        string profiles = ",\"profiles\":[{\"name\":\"near\",\"infraredToVisible\":" + Identity + "},{\"name\":\"far\",\"infraredToVisible\":" + Shift + "}],\"activeProfile\":\"far\",\"crop\":[10,8,30,20]";
        Read(Json(Identity, profiles)).Apply(infrared, visible, [fused]);
        Assert.Equal((30, 20), (infrared.Width, infrared.Height));
        Assert.Equal((30, 20), (visible.Width, visible.Height));
        Assert.Equal((30, 20), (fused.Width, fused.Height));
        Assert.Equal(expected, infrared.Row(4)[10]);
        Assert.Equal(fusedExpected, fused.Row(4)[10]);
    }

    [Fact]
    public async Task A_registered_evaluation_measures_and_shows_the_registered_infrared()
    {
        GrayPlane infrared = TestPlanes.Make(60, 50, 1), visible = TestPlanes.Make(60, 50, 2);
        GrayPlane registered = new(60, 50), reference = new(60, 50);
        registered.CopyFrom(infrared);
        reference.CopyFrom(visible);
        Read(Json(Shift)).Apply(registered, reference, []);
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

    [Theory]
    [InlineData("{", "is no registration")]
    [InlineData("{\"version\":2}", "version is not 1")]
    [InlineData("LENS", "lens model 'brown'")]
    [InlineData("SINGULAR", "cannot be inverted")]
    [InlineData("CROP", "crop is outside")]
    public void A_file_that_cannot_be_used_says_why(string content, string reason)
    {
        string json = content switch
        {
            "LENS" => Json(Identity).Replace("\"infrared\":{", "\"infrared\":{\"lens\":{\"model\":\"brown\"},", StringComparison.Ordinal),
            "SINGULAR" => Json("[[1,0,0],[1,0,0],[0,0,1]]"),
            "CROP" => Json(Identity, ",\"crop\":[10,8,60,20]"),
            _ => content,
        };
        Fault fault = Assert.Throws<Fault>(() => Read(json));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_another_size_are_refused()
    {
        Fault fault = Assert.Throws<Fault>(() => Read(Json(Shift)).Apply(TestPlanes.Make(64, 50, 1), TestPlanes.Make(60, 50, 2), []));
        Assert.Contains("60x50, this one has 64x50", fault.Message, StringComparison.Ordinal);
    }

    private static string Json(string infraredToVisible, string more = "") =>
        "{\"version\":1,\"infrared\":{\"width\":60,\"height\":50},\"visible\":{\"width\":60,\"height\":50,\"lens\":{\"model\":\"none\"}},"
        + "\"output\":{\"width\":60,\"height\":50,\"visibleToOutput\":" + Identity + "},\"infraredToVisible\":" + infraredToVisible + more + "}";

    private InfraredRegistration Read(string json)
    {
        File.WriteAllText(_folder["registration.json"], json);
        return InfraredRegistration.Read(_folder["registration.json"]);
    }
}
