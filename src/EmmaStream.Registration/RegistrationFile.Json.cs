using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;

namespace EmmaStream.Registration;

/// <summary>Reading and writing of registration.json.</summary>
public sealed partial record RegistrationFile
{
    private const long LargestFile = 1 << 20;

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="Fault">It is absent, no JSON, of another version, or says something impossible or not supported; all problems in one line.</exception>
    public static RegistrationFile Load(string path)
    {
        try
        {
            if (!File.Exists(path))
                throw Fault.Usage($"{path}: no such file. Make one with `emmastream calibrate`, or leave --registration out");
            if (new FileInfo(path).Length > LargestFile)
                throw Fault.Usage($"{path}: larger than {LargestFile} bytes, so it is no registration.json");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            return new RegistrationReader(path, document.RootElement).Read();
        }
        catch (JsonException e)
        {
            throw Fault.Usage($"{path}: no valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}). Restore it, or calibrate again");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Usage($"{path}: cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes a file, replacing an existing one only when the new one is complete.</summary>
    /// <exception cref="Fault">It cannot be written.</exception>
    public void Save(string path)
    {
        JsonObject root = new()
        {
            ["version"] = Version,
            ["createdUtc"] = CreatedUtc.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["method"] = Method,
            ["infrared"] = Camera(Infrared),
            ["visible"] = Camera(Visible),
            ["infraredToVisible"] = Rows(InfraredToVisible),
            ["timeOffsetMs"] = TimeOffset.TotalMilliseconds,
        };
        if (Output is { } size)
        {
            root["output"] = new JsonObject
            {
                ["width"] = size.Width,
                ["height"] = size.Height,
                ["visibleToOutput"] = Rows(Matrix3.Scale((double)size.Width / Visible.Width, (double)size.Height / Visible.Height)),
            };
        }
        string partial = path + ".partial";
        try
        {
            File.WriteAllText(partial, root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{path}: cannot be written: {e.Message}");
        }
    }

    private static JsonObject Camera(FrameSize size) => new()
    {
        ["width"] = size.Width,
        ["height"] = size.Height,
        ["lens"] = new JsonObject { ["model"] = "none" },
    };

    private static JsonArray Rows(Matrix3 matrix) => new([.. matrix.ToRows().Select(row => new JsonArray([.. row.Select(v => JsonValue.Create(v))]))]);
}
