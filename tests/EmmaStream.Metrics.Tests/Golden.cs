using System.Security.Cryptography;
using System.Text.Json;
using EmmaStream.Core.Frames;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Testing;

namespace EmmaStream.Metrics.Tests;

/// <summary>The golden numbers and planes of ../shared/golden/metrics.</summary>
internal sealed class Golden
{
    private readonly string _folder;
    private readonly Dictionary<string, GrayPlane> _planes = [];

    private Golden(string folder)
    {
        _folder = folder;
        Root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json"))).RootElement;
    }

    public JsonElement Root { get; }

    public static Golden Open()
    {
        string? folder = SharedData.TryPath("golden", "metrics");
        Assert.SkipWhen(folder is null, SharedData.Absent);
        return new Golden(folder);
    }

    /// <summary>Numbers, and the strings NaN, Infinity, -Infinity.</summary>
    public static double Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? double.Parse(element.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : element.GetDouble();

    public static void Close(string what, double expected, double actual, double tolerance)
    {
        if (double.IsFinite(expected) ? !(Math.Abs(expected - actual) <= tolerance) : !expected.Equals(actual))
            Assert.Fail($"{what}: expected {expected:R}, got {actual:R}, differs by {Math.Abs(expected - actual):E1} (allowed {tolerance:E1})");
    }

    /// <summary>A plane read through OpenCV.</summary>
    public GrayPlane Plane(string name)
    {
        if (!_planes.TryGetValue(name, out GrayPlane? plane))
        {
            plane = new GrayPlane(1, 1);
            using LeakCheckedPool pool = new();
            new GrayPlaneReader(pool.Pool).Read(Path.Combine(_folder, name), plane);
            _planes.Add(name, plane);
        }
        return plane;
    }

    public static string HashOf(GrayPlane plane) => Convert.ToHexStringLower(SHA256.HashData(plane.Samples));

    public PlaneTrio Trio(JsonElement golden) => new(
        FusedOf(golden), Plane(golden.GetProperty("ir").GetString()!), Plane(golden.GetProperty("vi").GetString()!));

    // "constant 128 (no file)" is made, not stored.
    private GrayPlane FusedOf(JsonElement golden)
    {
        string name = golden.GetProperty("fused").GetString()!;
        if (name.EndsWith(".png", StringComparison.Ordinal))
            return Plane(name);
        GrayPlane infrared = Plane(golden.GetProperty("ir").GetString()!);
        GrayPlane constant = new(infrared.Width, infrared.Height);
        constant.WritableSamples.Fill(byte.Parse(name.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        return constant;
    }
}
