using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Reports;
using EmmaStream.Testing;

namespace EmmaStream.Metrics.Tests.RoadScene;

[Trait("Duration", "long")]
public sealed class RoadSceneTests : IDisposable
{
    private static readonly string[] s_columns = ["EN", "SD", "SF", "AG", "MI", "SCD", "VIF", "Qabf", "SSIM"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Mean_max_and_Laplacian_over_the_50_test_pairs_have_the_published_means()
    {
        string? data = SharedData.TryPath("data", "roadscene");
        Assert.SkipWhen(data is null, SharedData.Absent);
        string[] names = [.. File.ReadAllLines(Path.Combine(data, "test50.txt")).Select(l => Path.GetFileNameWithoutExtension(l.Trim())).Where(l => l.Length > 0)];
        Assert.Equal(50, names.Length);
        foreach (string name in names)
            Fuse(data, name);
        EvaluationReport report = await Evaluation.RunAsync(
            new()
            {
                Infrared = Path.Combine(data, "ir"), Visible = Path.Combine(data, "vi"),
                Fused = [.. new[] { "mean", "stretched", "max", "laplacian" }.Select(m => new FusedInput(m, _folder[m]))],
            },
            null, TestContext.Current.CancellationToken);
        Assert.Equal(50, report.Items.Count);
        Row(report, "mean", 6.45, 28.52, 7.53, 2.87, 2.00, 1.42, 0.57, 0.38, 0.95);
        Row(report, "stretched", 6.45, 36.88, 9.85, 3.75, 2.00, 1.73, 0.62, 0.48, 0.93);
        Row(report, "max", 7.03, 44.01, 11.63, 4.09, 5.11, 1.41, 0.85, 0.60, 0.97);
        Row(report, "laplacian", 6.94, 33.86, 14.49, 5.40, 1.67, 1.49, 0.64, 0.58, 0.98);
    }

    private static void Row(EvaluationReport report, string method, params double[] expected)
    {
        MethodReport row = report.Methods.Single(m => m.Name == method);
        TestContext.Current.TestOutputHelper?.WriteLine($"{method}: {string.Join(" ", s_columns.Select(c => $"{c} {Mean(row, c):F4}"))}");
        for (int i = 0; i < expected.Length; i++)
            Golden.Close($"{method} {s_columns[i]}", expected[i], Mean(row, s_columns[i]), 0.01);
    }

    private static double Mean(MethodReport method, string column) => method.Summaries.Single(s => s.Metric.Name == column).Mean;

    private void Fuse(string data, string name)
    {
        using LeakCheckedPool pool = new();
        GrayPlaneReader reader = new(pool.Pool);
        GrayPlane infrared = new(1, 1), visible = new(1, 1);
        reader.Read(Directory.EnumerateFiles(Path.Combine(data, "ir"), name + ".*").Single(), infrared);
        reader.Read(Directory.EnumerateFiles(Path.Combine(data, "vi"), name + ".*").Single(), visible);
        GrayPlane mean = SimpleFusion.Mean(infrared, visible);
        TestPlanes.Save(mean, _folder[$"mean/{name}.png"]);
        TestPlanes.Save(Stretched(mean), _folder[$"stretched/{name}.png"]);
        TestPlanes.Save(SimpleFusion.Max(infrared, visible), _folder[$"max/{name}.png"]);
        TestPlanes.Save(SimpleFusion.Laplacian(infrared, visible), _folder[$"laplacian/{name}.png"]);
    }

    // Saved level = floor(255 (x - min) / (max - min) + 0.499999999), as the published scripts stretch every result.
    private static GrayPlane Stretched(GrayPlane plane)
    {
        byte low = plane.Samples.ToArray().Min(), high = plane.Samples.ToArray().Max();
        GrayPlane stretched = new(plane.Width, plane.Height);
        for (int i = 0; i < plane.Area; i++)
            stretched.WritableSamples[i] = (byte)Math.Floor(255.0 * (plane.Samples[i] - low) / (high - low) + 0.499999999);
        return stretched;
    }
}
