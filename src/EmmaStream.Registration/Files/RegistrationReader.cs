using System.Globalization;
using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;

namespace EmmaStream.Registration.Files;

/// <summary>Reads registration.json, version 1, and collects everything that is wrong with it. One reader reads one file.</summary>
/// <param name="path">The file, for messages.</param>
internal sealed class RegistrationReader(string path)
{
    private const int MaxSide = 16384;
    private const double ScaleTolerance = 1e-3;    // relative, of visibleToOutput against the sizes
    private const double OffsetTolerance = 0.05;   // pixels

    private readonly List<string> _problems = [];

    /// <exception cref="Fault">There are problems.</exception>
    internal RegistrationFile Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Fault.Usage($"{path}: holds no JSON object. {RegistrationFile.Cure}");
        if (!root.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number))
            throw Fault.Usage($"{path}: has no version number, so it is no registration. {RegistrationFile.Cure}");
        if (number != RegistrationFile.Version)
            throw Fault.Usage($"{path}: is of version {number}; this program reads version {RegistrationFile.Version}. Make the file anew (docs/CLI.md says how), or use the program that wrote it");
        RegistrationFile registration = ReadAll(root);
        if (_problems.Count > 0)
            throw Fault.Usage($"{path}: {(_problems.Count == 1 ? "" : $"{_problems.Count} problems: ")}{string.Join("; ", _problems)}. Correct the file (docs/CLI.md says what belongs in it)");
        return registration;
    }

    private RegistrationFile ReadAll(JsonElement root)
    {
        Refuse(root, "profiles", "activeProfile", "crop");
        NameUnknown(root, "", "version", "createdUtc", "method", "infrared", "visible", "output", "infraredToVisible", "profiles", "activeProfile", "crop", "timeOffsetMs", "quality", "drift");
        FrameSize infrared = ReadCamera(root, "infrared"), visible = ReadCamera(root, "visible");
        Homography map = ReadMatrix(root, "", "infraredToVisible");
        double offset = ReadNumber(root, "", "timeOffsetMs", required: false) ?? 0;
        double largest = PairingOptions.LargestOffset.TotalMilliseconds;
        if (Math.Abs(offset) > largest)
            _problems.Add(Invariant($"timeOffsetMs is {offset}; allowed are -{largest} to {largest}"));
        if (map.IsFinite && Math.Abs(map.Determinant) < RegistrationFile.SmallestDeterminant)
            _problems.Add(Invariant($"infraredToVisible has determinant {map.Determinant:0.###e0}: it presses the picture to a line"));
        return new RegistrationFile
        {
            Path = path,
            CreatedUtc = ReadTime(root),
            Method = ReadMethod(root),
            Infrared = infrared,
            Visible = visible,
            Output = ReadOutput(root, visible),
            InfraredToVisible = map,
            TimeOffsetMs = offset,
            Quality = ReadQuality(root),
            Drift = ReadDrift(root),
        };
    }

    /// <summary>Parts of the format that are described and not built yet must not be ignored in silence.</summary>
    private void Refuse(JsonElement root, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                _problems.Add($"{name} is not supported yet: take it out");
        }
    }

    private FrameSize ReadCamera(JsonElement root, string name)
    {
        if (Member(root, "", name, JsonValueKind.Object, required: true) is not { } camera)
            return default;
        NameUnknown(camera, name + ".", "width", "height", "lens");
        if (Member(camera, name + ".", "lens", JsonValueKind.Object, required: false) is { } lens)
        {
            string? model = lens.TryGetProperty("model", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (model is null)
                _problems.Add($"{name}.lens.model is missing");
            else if (model != "none")
                _problems.Add($"{name}.lens.model '{model}' is not supported yet: only 'none' is");
        }
        return ReadSize(camera, name + ".");
    }

    private FrameSize ReadOutput(JsonElement root, FrameSize visible)
    {
        if (Member(root, "", "output", JsonValueKind.Object, required: false) is not { } output)
            return visible;
        NameUnknown(output, "output.", "width", "height", "visibleToOutput");
        FrameSize size = ReadSize(output, "output.");
        if (!output.TryGetProperty("visibleToOutput", out _) || size.Area == 0 || visible.Area == 0)
            return size;
        Homography map = ReadMatrix(output, "output.", "visibleToOutput"), scale = Homography.Scale(visible, size);
        bool pure = map is { M12: 0, M21: 0, M31: 0, M32: 0, M33: 1 };
        if (map.IsFinite && !(pure
            && Math.Abs(map.M11 / scale.M11 - 1) <= ScaleTolerance && Math.Abs(map.M22 / scale.M22 - 1) <= ScaleTolerance
            && Math.Abs(map.M13 - scale.M13) <= OffsetTolerance && Math.Abs(map.M23 - scale.M23) <= OffsetTolerance))
            _problems.Add($"output.visibleToOutput is not the plain scale from {visible} to {size}");
        return size;
    }

    private FrameSize ReadSize(JsonElement owner, string prefix)
    {
        return new(Side("width"), Side("height"));

        int Side(string name)
        {
            if (Member(owner, prefix, name, JsonValueKind.Number, required: true) is not { } value)
                return 0;
            if (value.TryGetInt32(out int side) && side is >= 1 and <= MaxSide)
                return side;
            _problems.Add($"{prefix}{name} is {value.GetRawText()}; allowed are whole numbers 1 to {MaxSide}");
            return 0;
        }
    }

    /// <summary>Three rows of three finite numbers; a matrix of NaN after a problem.</summary>
    private Homography ReadMatrix(JsonElement owner, string prefix, string name)
    {
        Homography none = Homography.Of([.. Enumerable.Repeat(double.NaN, 9)]);
        if (Member(owner, prefix, name, JsonValueKind.Array, required: true) is not { } rows)
            return none;
        List<double> values = [];
        foreach (JsonElement row in rows.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != 3)
            {
                values.Clear();
                break;
            }
            foreach (JsonElement value in row.EnumerateArray())
                values.Add(value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN);
        }
        if (values.Count != 9)
            _problems.Add($"{prefix}{name} is not three rows of three numbers");
        else if (!values.TrueForAll(double.IsFinite))
            _problems.Add($"{prefix}{name} holds a number that is not finite");
        else
            return Homography.Of(values);
        return none;
    }

    private DateTimeOffset? ReadTime(JsonElement root)
    {
        if (Member(root, "", "createdUtc", JsonValueKind.String, required: false) is not { } text)
            return null;
        if (DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            return time;
        _problems.Add("createdUtc is not a time like 2026-01-01T00:00:00Z");
        return null;
    }

    private string ReadMethod(JsonElement root)
    {
        string method = Member(root, "", "method", JsonValueKind.String, required: false)?.GetString() ?? "manual";
        if (method is not ("scene" or "points" or "target" or "manual"))
            _problems.Add($"method '{method}' is none of scene, points, target, manual");
        return method;
    }

    private RegistrationQuality? ReadQuality(JsonElement root)
    {
        if (Member(root, "", "quality", JsonValueKind.Object, required: false) is not { } quality)
            return null;
        NameUnknown(quality, "quality.", "score", "drop", "frames", "disjointAgreementPx", "accepted");
        double frames = ReadNumber(quality, "quality.", "frames", required: false) ?? 0;
        bool accepted = quality.TryGetProperty("accepted", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
        return new(
            ReadNumber(quality, "quality.", "score", required: false) ?? 0, ReadNumber(quality, "quality.", "drop", required: false) ?? 0,
            (int)Math.Clamp(frames, 0, int.MaxValue), ReadNumber(quality, "quality.", "disjointAgreementPx", required: false), accepted);
    }

    private DriftBaseline? ReadDrift(JsonElement root)
    {
        if (Member(root, "", "drift", JsonValueKind.Object, required: false) is not { } drift)
            return null;
        NameUnknown(drift, "drift.", "baselineDx", "baselineDy", "baselineScore");
        return new(
            ReadNumber(drift, "drift.", "baselineDx", required: true) ?? 0, ReadNumber(drift, "drift.", "baselineDy", required: true) ?? 0,
            ReadNumber(drift, "drift.", "baselineScore", required: true) ?? 0);
    }

    private double? ReadNumber(JsonElement owner, string prefix, string name, bool required)
    {
        if (Member(owner, prefix, name, JsonValueKind.Number, required) is not { } value)
            return null;
        double number = value.GetDouble();
        if (double.IsFinite(number))
            return number;
        _problems.Add($"{prefix}{name} is not finite");
        return null;
    }

    /// <summary>A member of the wanted kind; null where it is absent or of another kind, which is a problem if it is required or present.</summary>
    private JsonElement? Member(JsonElement owner, string prefix, string name, JsonValueKind kind, bool required)
    {
        bool present = owner.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
        if (present && value.ValueKind == kind)
            return value;
        if (present)
            _problems.Add($"{prefix}{name} is no JSON {kind.ToString().ToLowerInvariant()}");
        else if (required)
            _problems.Add($"{prefix}{name} is missing");
        return null;
    }

    private void NameUnknown(JsonElement owner, string prefix, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty property in owner.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                _problems.Add($"{prefix}{property.Name} is unknown");
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
