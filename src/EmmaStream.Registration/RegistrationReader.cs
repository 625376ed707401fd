using System.Globalization;
using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;

namespace EmmaStream.Registration;

/// <summary>Turns the JSON of a registration into its record and collects everything that is wrong with it.</summary>
/// <param name="origin">The path, for messages.</param>
/// <param name="root">The whole document.</param>
internal sealed class RegistrationReader(string origin, JsonElement root)
{
    private const double SmallestDeterminant = 1e-6;
    private const int LargestSide = 65536;

    private static readonly string[] Known =
    [
        "version", "createdUtc", "method", "infrared", "visible", "output", "infraredToVisible", "profiles", "activeProfile", "crop",
        "timeOffsetMs", "quality", "drift",
    ];

    private static readonly string[] Later = ["profiles", "activeProfile", "crop"];

    private readonly List<string> _problems = [];

    public RegistrationFile Read()
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Fault.Usage($"{origin}: holds no JSON object. Restore it, or calibrate again");
        if (!root.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || version.GetDouble() != RegistrationFile.Version)
            throw Fault.Usage($"{origin}: version {(version.ValueKind == JsonValueKind.Undefined ? "is missing" : version.GetRawText())}; this program reads version {RegistrationFile.Version}");
        foreach (JsonProperty unknown in root.EnumerateObject().Where(p => !Known.Contains(p.Name)))
            _problems.Add($"unknown key {unknown.Name}");
        foreach (string name in Later.Where(k => root.TryGetProperty(k, out _)))
            _problems.Add($"{name} is not supported yet");

        FrameSize infrared = Camera("infrared"), visible = Camera("visible");
        RegistrationFile file = new()
        {
            Origin = origin,
            CreatedUtc = Created(),
            Method = root.TryGetProperty("method", out JsonElement method) && method.ValueKind == JsonValueKind.String ? method.GetString()! : "manual",
            Infrared = infrared,
            Visible = visible,
            Output = Output(visible),
            InfraredToVisible = Matrix(root, "infraredToVisible"),
            TimeOffset = TimeOffset(),
        };
        if (_problems.Count > 0)
            throw Fault.Usage($"{origin}: {string.Join("; ", _problems)}");
        return file;
    }

    private FrameSize Camera(string name)
    {
        if (!root.TryGetProperty(name, out JsonElement camera) || camera.ValueKind != JsonValueKind.Object)
        {
            _problems.Add($"{name} is missing");
            return default;
        }
        if (camera.TryGetProperty("lens", out JsonElement lens)
            && !(lens.ValueKind == JsonValueKind.Object && lens.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.String && model.GetString() == "none"))
            _problems.Add($"{name}.lens other than {{\"model\":\"none\"}} is not supported yet");
        return Size(camera, name);
    }

    private FrameSize Size(JsonElement owner, string name) => new(Side(owner, name, "width"), Side(owner, name, "height"));

    private int Side(JsonElement owner, string name, string side)
    {
        if (owner.TryGetProperty(side, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int pixels) && pixels is > 0 and <= LargestSide)
            return pixels;
        _problems.Add($"{name}.{side} must be a whole number from 1 to {LargestSide}");
        return 1;
    }

    private FrameSize? Output(FrameSize visible)
    {
        if (!root.TryGetProperty("output", out JsonElement output))
            return null;
        if (output.ValueKind != JsonValueKind.Object)
        {
            _problems.Add("output must be an object with width and height");
            return null;
        }
        FrameSize size = Size(output, "output");
        if (output.TryGetProperty("visibleToOutput", out _) && Matrix(output, "visibleToOutput") is var given && !IsScale(given, size, visible))
            _problems.Add("output.visibleToOutput must be the pure scale from the visible's size to the output's");
        return size;
    }

    private static bool IsScale(Matrix3 given, FrameSize output, FrameSize visible)
    {
        Matrix3 scale = Matrix3.Scale((double)output.Width / visible.Width, (double)output.Height / visible.Height);
        return given.ToRows().SelectMany(r => r).Zip(scale.ToRows().SelectMany(r => r)).All(p => Math.Abs(p.First - p.Second) < 1e-3);
    }

    private Matrix3 Matrix(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out JsonElement rows))
        {
            _problems.Add($"{name} is missing");
            return Matrix3.Identity;
        }
        double[] v = rows.ValueKind == JsonValueKind.Array
            ? [.. rows.EnumerateArray().SelectMany(r => r.ValueKind == JsonValueKind.Array && r.GetArrayLength() == 3 ? r.EnumerateArray() : Enumerable.Empty<JsonElement>())
                .Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetDouble(out double d) ? d : double.NaN)]
            : [];
        if (v.Length != 9 || rows.GetArrayLength() != 3 || v.Any(d => !double.IsFinite(d)))
        {
            _problems.Add($"{name} must be three rows of three finite numbers");
            return Matrix3.Identity;
        }
        Matrix3 matrix = new(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]);
        if (Math.Abs(matrix.Determinant) < SmallestDeterminant)
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} has determinant {matrix.Determinant:g3} and cannot be inverted"));
        return matrix;
    }

    private TimeSpan TimeOffset()
    {
        if (!root.TryGetProperty("timeOffsetMs", out JsonElement value))
            return TimeSpan.Zero;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double ms) && Math.Abs(ms) <= 3_600_000)
            return TimeSpan.FromMilliseconds(ms);
        _problems.Add("timeOffsetMs must be a number from -3600000 to 3600000");
        return TimeSpan.Zero;
    }

    private DateTimeOffset Created()
    {
        if (!root.TryGetProperty("createdUtc", out JsonElement value))
            return default;
        if (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out DateTimeOffset created))
            return created;
        _problems.Add("createdUtc must be a time like 2026-01-01T00:00:00Z");
        return default;
    }
}
