using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace EmmaStream.Testing;

/// <summary>An array of a golden .npy file: little-endian float32, float64 or int64, C order; all become float32.</summary>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="Values">All values in row-major order.</param>
public sealed partial record NpyFile(int[] Shape, float[] Values)
{
    /// <summary>Reads a file.</summary>
    public static NpyFile Load(string path) => Parse(File.ReadAllBytes(path));

    /// <summary>Reads all arrays of an .npz file, by name.</summary>
    public static IReadOnlyDictionary<string, NpyFile> LoadAll(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        Dictionary<string, NpyFile> arrays = [];
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using MemoryStream content = new();
            using Stream stream = entry.Open();
            stream.CopyTo(content);
            arrays[Path.GetFileNameWithoutExtension(entry.FullName)] = Parse(content.ToArray());
        }
        return arrays;
    }

    private static NpyFile Parse(byte[] file)
    {
        int headerLength = file[6] == 1 ? BitConverter.ToUInt16(file, 8) : BitConverter.ToInt32(file, 8);
        int dataAt = (file[6] == 1 ? 10 : 12) + headerLength;
        string header = Encoding.ASCII.GetString(file, 0, dataAt);
        Match match = Header().Match(header);
        if (!match.Success)
            throw new InvalidDataException($"not an array this reader knows: {header[10..]}");
        int[] shape = [.. match.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];
        ReadOnlySpan<byte> data = file.AsSpan(dataAt);
        float[] values = match.Groups[1].Value switch
        {
            "<f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            "<f8" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(data).ToArray(), v => (float)v),
            _ => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(data).ToArray(), v => (float)v),
        };
        return new(shape, values);
    }

    [GeneratedRegex(@"'descr': '(<f4|<f8|<i8)', 'fortran_order': False, 'shape': \(([\d, ]*)\)")]
    private static partial Regex Header();
}
