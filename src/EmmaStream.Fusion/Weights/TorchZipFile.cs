using System.IO.Compression;
using System.Runtime.InteropServices;
using EmmaStream.Core.Files;

namespace EmmaStream.Fusion.Weights;

/// <summary>
/// The format that <c>torch.save</c> writes since PyTorch 1.6: a zip with <c>PREFIX/data.pkl</c>, whose tensors refer to the raw values in
/// <c>PREFIX/data/KEY</c>. The prefix is whatever precedes <c>/data.pkl</c>.
/// </summary>
public static class TorchZipFile
{
    private const int LargestPickle = 16 << 20;
    private const int LargestDeflateRatio = 1032;
    private const int MostEntries = 65_536;

    internal static bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("PK\x03\x04"u8);

    internal static WeightSet Read(string path, byte[] file)
    {
        try
        {
            using ZipArchive zip = new(new MemoryStream(file, writable: false), ZipArchiveMode.Read);
            return Read(path, zip);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or OverflowException or NotSupportedException)
        {
            throw new MalformedWeights("truncated or damaged: it begins as a zip file but cannot be read as one", e);
        }
    }

    /// <summary>
    /// Writes the set as a state_dict (a dict of contiguous float32 tensors in order, pickle protocol 2) in the zip format, entries stored, for
    /// <c>torch.load</c>. The file appears under its name only when complete.
    /// </summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">It cannot be written.</exception>
    public static void Save(string path, WeightSet weights) => CompleteFile.Write(path, stream =>
    {
        using ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(zip, "archive/data.pkl", StateDictionaryPickle.Of(weights));
        Add(zip, "archive/byteorder", "little"u8);
        for (int i = 0; i < weights.Tensors.Count; i++)
            Add(zip, $"archive/data/{i}", MemoryMarshal.AsBytes<float>(weights.Tensors[i].Values));
        Add(zip, "archive/version", "3\n"u8);
    });

    private static void Add(ZipArchive zip, string name, ReadOnlySpan<byte> content)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);      // equal weights make equal files
        using Stream stream = entry.Open();
        stream.Write(content);
    }

    private static WeightSet Read(string path, ZipArchive zip)
    {
        if (zip.Entries.Count > MostEntries)
            throw new MalformedWeights($"has {zip.Entries.Count} entries; a state_dict has fewer than {MostEntries}");
        ZipArchiveEntry[] pickles = [.. zip.Entries.Where(e => e.FullName == "data.pkl" || e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))];
        if (pickles.Length != 1)
            throw new MalformedWeights($"a zip file with {pickles.Length} entries data.pkl where PyTorch writes one. Give a file made by torch.save");
        string prefix = pickles[0].FullName[..^"data.pkl".Length];
        if (pickles[0].Length > LargestPickle)
            throw new MalformedWeights($"its data.pkl has {pickles[0].Length} bytes; up to {LargestPickle} are read");
        if (zip.GetEntry(prefix + "byteorder") is { Length: < 16 } order && !Content(order).AsSpan().SequenceEqual("little"u8))
            throw new MalformedWeights("written on a big-endian machine");

        object? root = new PickleInterpreter(Content(pickles[0])).Run();
        Dictionary<string, byte[]> read = [];
        return StateDictionary.Read(path, root, storage =>
        {
            if (!read.TryGetValue(storage.Key, out byte[]? bytes))
                read[storage.Key] = bytes = Storage(zip, prefix, storage);
            return bytes;
        });
    }

    private static byte[] Storage(ZipArchive zip, string prefix, StoredValues storage)
    {
        ZipArchiveEntry entry = zip.GetEntry($"{prefix}data/{storage.Key}")
            ?? throw new MalformedWeights($"damaged: storage {storage.Key.Shown()} is missing");
        long expected = storage.Count * storage.Type.Size();
        if (entry.Length != expected)
            throw new MalformedWeights($"damaged: storage {storage.Key.Shown()} has {entry.Length} bytes where {expected} are expected");
        return Content(entry);
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        if (entry.Length > WeightFile.LargestFile || entry.Length > (entry.CompressedLength + 64) * LargestDeflateRatio)
            throw new MalformedWeights($"damaged: entry {entry.FullName.Shown()} claims {entry.Length} bytes");
        using Stream stream = entry.Open();
        byte[] bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
