using System.Text.Json;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Core.Frames;

namespace EmmaStream.Registration.Files;

/// <summary>
/// What registration.json holds, version 1: how infrared pixels lie on visible pixels, at which size to fuse, how far the clocks are apart, and how sure
/// the calibration was. Loading names every problem of a file at once.
/// </summary>
public sealed record RegistrationFile
{
    /// <summary>The version that is read and written.</summary>
    public const int Version = 1;

    /// <summary>A map with a smaller determinant is refused: it presses the picture to a line.</summary>
    public const double SmallestDeterminant = 1e-6;

    /// <summary>What to do about a file that is something else.</summary>
    internal const string Cure = "Give a registration.json; docs/CLI.md says how one is made";

    private const int MaxFileBytes = 1 << 20;

    /// <summary>Where the file lies, for messages; empty before it was saved.</summary>
    public string Path { get; init; } = "";

    /// <summary>When it was made, UTC; null: not said.</summary>
    public DateTimeOffset? CreatedUtc { get; init; }

    /// <summary>How it was found: scene, points, target or manual.</summary>
    public string Method { get; init; } = "manual";

    /// <summary>Pixels of the infrared stream, full resolution.</summary>
    public required FrameSize Infrared { get; init; }

    /// <summary>Pixels of the visible stream, full resolution.</summary>
    public required FrameSize Visible { get; init; }

    /// <summary>Pixels of the fused picture; a pure scale of the visible.</summary>
    public required FrameSize Output { get; init; }

    /// <summary>Infrared pixel to visible pixel.</summary>
    public required Homography InfraredToVisible { get; init; }

    /// <summary>Milliseconds to add to infrared capture times before pairing.</summary>
    public double TimeOffsetMs { get; init; }

    /// <summary>How sure the calibration was; null: not said.</summary>
    public RegistrationQuality? Quality { get; init; }

    /// <summary>Where the drift check starts from; null: not measured.</summary>
    public DriftBaseline? Drift { get; init; }

    /// <summary>Visible pixel to output pixel: the plain scale between the two sizes.</summary>
    public Homography VisibleToOutput => Homography.Scale(Visible, Output);

    /// <summary>Infrared pixel to output pixel.</summary>
    public Homography InfraredToOutput => VisibleToOutput * InfraredToVisible;

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="Fault">It cannot be read, is no JSON, or says something that does not hold or is not supported (<see cref="FaultKind.Usage"/>); all problems are in the one line.</exception>
    public static RegistrationFile Load(string path)
    {
        byte[] json;
        FileKind.RefuseNamedPipe(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] bytes = new byte[MaxFileBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);      // not the file's length: a pipe has none
            if (length > MaxFileBytes)
                throw Fault.Usage($"{path}: more than {MaxFileBytes} bytes are too many for a registration. {Cure}");
            json = bytes[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Usage($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Check the path, or make the file: docs/CLI.md says how");
        }
        return Parse(json, path);
    }

    /// <summary>Reads and checks the bytes of a file.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="Fault">As <see cref="Load"/>.</exception>
    public static RegistrationFile Parse(ReadOnlyMemory<byte> json, string path)
    {
        if (json.IsEmpty)
            throw Fault.Usage($"{path}: the file is empty. {Cure}");
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return new RegistrationReader(path).Read(document.RootElement);
        }
        catch (JsonException e)
        {
            string place = e.LineNumber is { } line ? $"line {line + 1}, column {e.BytePositionInLine + 1}: " : "";
            string reason = e.Message.Split(" LineNumber:")[0].Split(" Path:")[0].ReplaceLineEndings(" ").TrimEnd('.');
            throw Fault.Usage($"{path}: {place}no valid JSON: {reason}. Correct it there (docs/CLI.md shows a whole file)");
        }
        catch (InvalidOperationException)
        {
            // JsonElement found bytes that are no UTF-8, or half a surrogate pair, in a name or text it was asked for.
            throw Fault.Usage($"{path}: no valid JSON: a text in it is no Unicode. {Cure}");
        }
    }

    /// <summary>Writes the file; it appears under its name when it is complete, and an older one is replaced only then.</summary>
    /// <exception cref="Fault">It cannot be written (<see cref="FaultKind.Output"/>).</exception>
    public void Save(string path) => CompleteFile.Write(path, stream => stream.Write(RegistrationWriter.ToJson(this)));

    /// <summary>Checks that the streams have the sizes this was made for.</summary>
    /// <exception cref="Fault">One differs; the line names the file and both sizes (<see cref="FaultKind.Usage"/>).</exception>
    public void ThrowUnlessFits(FrameSize infrared, FrameSize visible)
    {
        List<string> differences = [];
        if (infrared != Infrared)
            differences.Add($"it was made for an infrared of {Infrared}, the stream has {infrared}");
        if (visible != Visible)
            differences.Add($"it was made for a visible of {Visible}, the stream has {visible}");
        if (differences.Count > 0)
            throw Fault.Usage($"{(Path.Length > 0 ? Path : "registration")}: {string.Join("; ", differences)}. Make the file anew for these sizes (docs/CLI.md says how), or set the cameras back");
    }
}

/// <summary>How sure a calibration was.</summary>
/// <param name="Score">Correlation of the two gradient fields.</param>
/// <param name="Drop">Score minus the best score 12 pixels away: at least 0.06 when right.</param>
/// <param name="Frames">Frames it was found from.</param>
/// <param name="DisjointAgreementPx">Distance of the results of two disjoint sets of frames, pixels; null: not measured.</param>
/// <param name="Accepted">Whether the confidence rule held.</param>
public sealed record RegistrationQuality(double Score, double Drop, int Frames, double? DisjointAgreementPx, bool Accepted);

/// <summary>What the drift check measured at calibration.</summary>
/// <param name="BaselineDx">Shift to the right that correlates best, pixels.</param>
/// <param name="BaselineDy">Shift down that correlates best, pixels.</param>
/// <param name="BaselineScore">Score there.</param>
public sealed record DriftBaseline(double BaselineDx, double BaselineDy, double BaselineScore);
