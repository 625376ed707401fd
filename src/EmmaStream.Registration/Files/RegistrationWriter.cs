using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EmmaStream.Core.Frames;

namespace EmmaStream.Registration.Files;

/// <summary>Writes registration.json, version 1, indented, numbers as short as they read back alike.</summary>
internal static class RegistrationWriter
{
    internal static byte[] ToJson(RegistrationFile registration)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", RegistrationFile.Version);
            if (registration.CreatedUtc is { } created)
                json.WriteString("createdUtc", created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("method", registration.Method);
            WriteCamera(json, "infrared", registration.Infrared);
            WriteCamera(json, "visible", registration.Visible);
            json.WriteStartObject("output");
            WriteSize(json, registration.Output);
            WriteMatrix(json, "visibleToOutput", registration.VisibleToOutput);
            json.WriteEndObject();
            WriteMatrix(json, "infraredToVisible", registration.InfraredToVisible);
            json.WriteNumber("timeOffsetMs", registration.TimeOffsetMs);
            WriteQuality(json, registration.Quality);
            WriteDrift(json, registration.Drift);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCamera(Utf8JsonWriter json, string name, FrameSize size)
    {
        json.WriteStartObject(name);
        WriteSize(json, size);
        json.WriteStartObject("lens");
        json.WriteString("model", "none");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSize(Utf8JsonWriter json, FrameSize size)
    {
        json.WriteNumber("width", size.Width);
        json.WriteNumber("height", size.Height);
    }

    private static void WriteMatrix(Utf8JsonWriter json, string name, Homography matrix)
    {
        json.WriteStartArray(name);
        IReadOnlyList<double> values = matrix.Values;
        for (int row = 0; row < 3; row++)
        {
            json.WriteStartArray();
            for (int column = 0; column < 3; column++)
                json.WriteNumberValue(values[3 * row + column]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteQuality(Utf8JsonWriter json, RegistrationQuality? quality)
    {
        if (quality is null)
            return;
        json.WriteStartObject("quality");
        json.WriteNumber("score", quality.Score);
        json.WriteNumber("drop", quality.Drop);
        json.WriteNumber("frames", quality.Frames);
        if (quality.DisjointAgreementPx is { } agreement)
            json.WriteNumber("disjointAgreementPx", agreement);
        json.WriteBoolean("accepted", quality.Accepted);
        json.WriteEndObject();
    }

    private static void WriteDrift(Utf8JsonWriter json, DriftBaseline? drift)
    {
        if (drift is null)
            return;
        json.WriteStartObject("drift");
        json.WriteNumber("baselineDx", drift.BaselineDx);
        json.WriteNumber("baselineDy", drift.BaselineDy);
        json.WriteNumber("baselineScore", drift.BaselineScore);
        json.WriteEndObject();
    }
}
