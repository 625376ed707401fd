using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Metrics.Planes;
using OpenCvSharp;

namespace EmmaStream.Metrics.Reading;

/// <summary>
/// registration.json as far as evaluation needs it: brings the infrared and the visible to the output picture that the fused one was made at.
/// What the infrared does not reach is filled from the visible, as fusion does, and a crop applies to all. Cameras without a lens model only.
/// Without state; safe for use by many threads.
/// </summary>
public sealed class InfraredRegistration
{
    private const long MaxBytes = 1 << 20;

    private readonly double[,] _infraredToOutput = new double[3, 3];
    private readonly Rect? _crop;

    private InfraredRegistration(string path, JsonElement root)
    {
        Require(root.GetProperty("version").GetInt32() == 1, "its version is not 1");
        NoLens(root.GetProperty("infrared"), "infrared");
        NoLens(root.GetProperty("visible"), "visible");
        InfraredSize = SizeOf(root.GetProperty("infrared"));
        VisibleSize = SizeOf(root.GetProperty("visible"));
        OutputSize = SizeOf(root.GetProperty("output"));
        Name = path;
        double[,] toVisible = Matrix(ActiveProfile(root).GetProperty("infraredToVisible"));
        double[,] toOutput = Matrix(root.GetProperty("output").GetProperty("visibleToOutput"));
        for (int i = 0; i < 9; i++)
        {
            for (int k = 0; k < 3; k++)
                _infraredToOutput[i / 3, i % 3] += toOutput[i / 3, k] * toVisible[k, i % 3];
        }
        if (root.TryGetProperty("crop", out JsonElement crop))
        {
            int[] c = [.. crop.EnumerateArray().Select(e => e.GetInt32())];
            Require(c.Length == 4 && c[0] >= 0 && c[1] >= 0 && c[2] > 0 && c[3] > 0 && c[0] + c[2] <= OutputSize.Width && c[1] + c[3] <= OutputSize.Height, "its crop is outside of the output");
            _crop = c[2] == OutputSize.Width && c[3] == OutputSize.Height ? null : new Rect(c[0], c[1], c[2], c[3]);
        }
    }

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>Size that the infrared must have.</summary>
    public Size InfraredSize { get; }

    /// <summary>Size that the visible must have.</summary>
    public Size VisibleSize { get; }

    /// <summary>Size that the fused picture must have.</summary>
    public Size OutputSize { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="Fault">It is missing, damaged, or needs a lens model.</exception>
    public static InfraredRegistration Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
                throw Fault.Usage($"{path}: no such file. Make it with 'emmastream calibrate', or leave --registration out");
            Require(file.Length <= MaxBytes, $"it has more than {MaxBytes} bytes");
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return new InfraredRegistration(path, json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw Fault.Usage($"{path}: is no registration of version 1 that evaluation can use: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Make it again with 'emmastream calibrate'");
        }
    }

    /// <summary>Replaces infrared and visible by their registered pictures at output size, and crops all three.</summary>
    /// <exception cref="Fault">A source has another size than the registration was made for.</exception>
    public void Apply(GrayPlane infrared, GrayPlane visible, IReadOnlyList<GrayPlane> fused)
    {
        ArgumentNullException.ThrowIfNull(infrared);
        ArgumentNullException.ThrowIfNull(visible);
        ArgumentNullException.ThrowIfNull(fused);
        Check(infrared, InfraredSize, "infrared");
        Check(visible, VisibleSize, "visible");
        using Mat scaled = Scaled(visible);
        using Mat registered = Registered(infrared, scaled);
        Take(registered, infrared);
        Take(scaled, visible);
        foreach (GrayPlane plane in fused)
        {
            if (_crop is null || plane.Width != OutputSize.Width || plane.Height != OutputSize.Height)
                continue;
            using Mat whole = PlaneMat(plane);
            Take(whole, plane);
        }
    }

    private void Check(GrayPlane plane, Size size, string side)
    {
        if (plane.Width != size.Width || plane.Height != size.Height)
            throw Fault.Input($"{Name}: was made for {side} pictures of {size.Width}x{size.Height}, this one has {plane}. Calibrate again for this size");
    }

    private Mat Scaled(GrayPlane visible)
    {
        Mat whole = PlaneMat(visible);
        if (OutputSize == VisibleSize)
            return whole;
        using (whole)
        {
            Mat scaled = new();
            Cv2.Resize(whole, scaled, OutputSize, 0, 0, InterpolationFlags.Area);
            return scaled;
        }
    }

    private Mat Registered(GrayPlane infrared, Mat visible)
    {
        using Mat from = PlaneMat(infrared);
        using Mat map = Mat.FromPixelData(3, 3, MatType.CV_64FC1, _infraredToOutput);
        using Mat reached = new(from.Size(), MatType.CV_8UC1, Scalar.All(255));
        using Mat coverage = new();
        Mat registered = new();
        Cv2.WarpPerspective(from, registered, map, OutputSize, InterpolationFlags.Linear, BorderTypes.Replicate);
        Cv2.WarpPerspective(reached, coverage, map, OutputSize, InterpolationFlags.Linear, BorderTypes.Constant, Scalar.All(0));
        using Mat open = new();
        Cv2.Compare(coverage, Scalar.All(255), open, CmpTypes.LT);
        visible.CopyTo(registered, open);
        return registered;
    }

    private void Take(Mat from, GrayPlane into)
    {
        using Mat part = new(from, _crop ?? new Rect(0, 0, from.Width, from.Height));
        into.Resize(part.Width, part.Height);
        using Mat whole = part.Clone();
        whole.AsSpan<byte>().CopyTo(into.WritableSamples);
    }

    private static Mat PlaneMat(GrayPlane plane)
    {
        Mat mat = new(plane.Height, plane.Width, MatType.CV_8UC1);
        plane.Samples.CopyTo(mat.AsSpan<byte>());
        return mat;
    }

    private static JsonElement ActiveProfile(JsonElement root)
    {
        if (!root.TryGetProperty("profiles", out JsonElement profiles) || profiles.GetArrayLength() == 0)
            return root;
        string? active = root.GetProperty("activeProfile").GetString();
        JsonElement profile = profiles.EnumerateArray().FirstOrDefault(p => p.GetProperty("name").GetString() == active);
        Require(profile.ValueKind == JsonValueKind.Object, $"no profile is called '{active}'");
        return profile;
    }

    private static void NoLens(JsonElement camera, string side)
    {
        if (camera.TryGetProperty("lens", out JsonElement lens) && lens.GetProperty("model").GetString() is { } model && model != "none")
            throw Fault.Usage($"the {side} camera of the registration has the lens model '{model}', which evaluation does not read yet. Evaluate pictures that are registered already");
    }

    private static Size SizeOf(JsonElement element)
    {
        Size size = new(element.GetProperty("width").GetInt32(), element.GetProperty("height").GetInt32());
        Require(size.Width is > 0 and <= 32768 && size.Height is > 0 and <= 32768, $"a size is {size.Width}x{size.Height}");
        return size;
    }

    private static double[,] Matrix(JsonElement rows)
    {
        double[,] m = new double[3, 3];
        Require(rows.GetArrayLength() == 3 && rows.EnumerateArray().All(r => r.GetArrayLength() == 3), "a matrix is not 3x3");
        for (int i = 0; i < 9; i++)
        {
            m[i / 3, i % 3] = rows[i / 3][i % 3].GetDouble();
            Require(double.IsFinite(m[i / 3, i % 3]), "a matrix holds a number that is not finite");
        }
        double determinant = m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1]) - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0]) + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]);
        Require(Math.Abs(determinant) >= 1e-6, "a matrix cannot be inverted");
        return m;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new FormatException(otherwise);
    }
}
