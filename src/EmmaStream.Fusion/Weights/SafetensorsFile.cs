using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EmmaStream.Core.Files;

namespace EmmaStream.Fusion.Weights;

/// <summary>
/// The safetensors format: a 64-bit header length, a JSON header (name, type, shape, byte range of every tensor), then the raw values.
/// Read are F32, F64, F16, BF16 and I64; ranges must cover the data without overlap or hole, as the format demands. Written is F32.
/// </summary>
public static class SafetensorsFile
{
    private const int LargestHeader = 16 << 20;

    private static readonly Dictionary<string, ElementType> Types = new()
    {
        ["F32"] = ElementType.Float32,
        ["F64"] = ElementType.Float64,
        ["F16"] = ElementType.Float16,
        ["BF16"] = ElementType.BFloat16,
        ["I64"] = ElementType.Int64,
    };

    private sealed record Entry(string Name, ElementType Type, int[] Shape, long Count, long Begin, long End);

    internal static bool Recognizes(ReadOnlySpan<byte> file) =>
        file.Length > 9 && file[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(file) <= int.MaxValue;

    internal static WeightSet Read(string path, byte[] file)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > LargestHeader)
            throw new MalformedWeights($"its header claims {length} bytes; up to {LargestHeader} are read");
        if (length > (ulong)file.Length - 8)
            throw new MalformedWeights("truncated: it ends within its header");
        ReadOnlyMemory<byte> data = file.AsMemory(8 + (int)length);
        Dictionary<string, string> metadata = [];
        List<Entry> entries = ReadHeader(file.AsMemory(8, (int)length), metadata);
        CheckCoverage(entries, data.Length);
        return new(path, entries.Select(e => new WeightTensor(e.Name, e.Shape, Values(e, data.Span[(int)e.Begin..(int)e.End]))), metadata);
    }

    /// <summary>Writes the set as float32 with its metadata. The file appears under its name only when complete.</summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">It cannot be written.</exception>
    public static void Save(string path, WeightSet weights) => CompleteFile.Write(path, stream =>
    {
        byte[] header = WriteHeader(weights);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (WeightTensor tensor in weights.Tensors)
            stream.Write(MemoryMarshal.AsBytes<float>(tensor.Values));
    });

    private static List<Entry> ReadHeader(ReadOnlyMemory<byte> header, Dictionary<string, string> metadata)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            List<Entry> entries = [];
            HashSet<string> names = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw new MalformedWeights($"damaged: it has two tensors {property.Name.Shown()}");
                if (property.Name != "__metadata__")
                    entries.Add(ReadEntry(property.Name, property.Value));
                else
                {
                    foreach (JsonProperty item in property.Value.EnumerateObject())
                        metadata[item.Name] = item.Value.GetString() ?? "";
                }
            }
            return entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new MalformedWeights("damaged: its header is not the JSON of a safetensors file", e);
        }
    }

    private static Entry ReadEntry(string name, JsonElement value)
    {
        string type = value.GetProperty("dtype").GetString() ?? "";
        if (!Types.TryGetValue(type, out ElementType elements))
            throw new MalformedWeights($"tensor {name.Shown()} is of type {type.Shown()}; {string.Join(", ", Types.Keys)} are read");
        int[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
        long count = shape.Aggregate(1L, (product, extent) => checked(product * (extent >= 0 ? extent : throw new OverflowException())));
        JsonElement offsets = value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
            throw new MalformedWeights($"damaged: tensor {name.Shown()} has no byte range");
        long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        if (begin < 0 || end < begin || end - begin != checked(count * elements.Size()))
            throw new MalformedWeights($"damaged: tensor {name.Shown()} has a byte range {begin} to {end} that does not fit its {count} values");
        return new(name, elements, shape, count, begin, end);
    }

    /// <summary>Ranges in order must touch each other and fill the data exactly.</summary>
    private static void CheckCoverage(List<Entry> entries, long dataLength)
    {
        long at = 0;
        foreach (Entry entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != at)
                throw new MalformedWeights($"damaged: tensor {entry.Name.Shown()} {(entry.Begin < at ? "overlaps another" : "leaves a hole before it")}");
            at = entry.End;
        }
        if (at > dataLength)
            throw new MalformedWeights($"truncated: {dataLength} of {at} bytes of values are there");
        if (at < dataLength)
            throw new MalformedWeights($"damaged: {dataLength - at} bytes follow its last tensor");
    }

    private static float[] Values(Entry entry, ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[entry.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = entry.Type.Read(bytes, i);
        return values;
    }

    private static byte[] WriteHeader(WeightSet weights)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            if (weights.Metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in weights.Metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long at = 0;
            foreach (WeightTensor tensor in weights.Tensors)
                WriteEntry(json, tensor, ref at);
            json.WriteEndObject();
        }
        while (stream.Length % 8 != 0)
            stream.WriteByte((byte)' ');                 // values begin on a multiple of 8
        return stream.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, WeightTensor tensor, ref long at)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (int extent in tensor.Shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(at);
        at += sizeof(float) * (long)tensor.Values.Length;
        json.WriteNumberValue(at);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
