using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EmmaStream.Fusion.Tests.Weights;

/// <summary>Writes pickles opcode by opcode, as torch.save would or as an attacker would.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [];

    public PickleBuilder() => Raw(0x80, 2);

    public static byte[] LegacyMagic => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    public PickleBuilder Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBuilder Ascii(string text) => Raw(Encoding.ASCII.GetBytes(text));

    public PickleBuilder Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Raw((byte)'X').Int32(bytes.Length).Raw(bytes);
    }

    public PickleBuilder Number(int value) => Raw((byte)'J').Int32(value);

    public PickleBuilder Tuple(params int[] values)
    {
        Ascii("(");
        foreach (int value in values)
            Number(value);
        return Ascii("t");
    }

    /// <summary>A name and _rebuild_tensor_v2 of a view into a storage, to be followed by SETITEMS or SETITEM.</summary>
    public PickleBuilder Tensor(string name, string key, int storageCount, int offset, int[] shape, int[] strides, string type = "FloatStorage", bool legacy = false)
    {
        Text(name).Ascii("ctorch._utils\n_rebuild_tensor_v2\n((").Text("storage").Ascii($"ctorch\n{type}\n").Text(key).Text("cpu").Number(storageCount);
        if (legacy)
            Ascii("N");
        return Ascii("tQ").Number(offset).Tuple(shape).Tuple(strides).Raw(0x89).Ascii("ccollections\nOrderedDict\n)RtR");
    }

    public byte[] Stop() => Ascii(".")._bytes.ToArray();

    /// <summary>A zip as torch.save writes it, with raw float storages.</summary>
    public static byte[] Zip(byte[] pickle, CompressionLevel level = CompressionLevel.NoCompression, params (string Key, byte[] Values)[] storages)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "some model/data.pkl", pickle, level);
            foreach ((string key, byte[] values) in storages)
                Add(zip, $"some model/data/{key}", values, level);
            Add(zip, "some model/version", "3\n"u8.ToArray(), level);
        }
        return stream.ToArray();
    }

    /// <summary>A file in the format before PyTorch 1.6.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, byte[] Values)[] storages)
    {
        using MemoryStream stream = new();
        stream.Write(LegacyMagic);
        stream.Write([0x80, 2, (byte)'M', 0xe9, 3, (byte)'.']);
        stream.Write(new PickleBuilder().Ascii("}").Text("little_endian").Raw(0x88).Ascii("s").Stop());
        stream.Write(pickle);
        PickleBuilder keys = new PickleBuilder().Ascii("](");
        foreach ((string key, _) in storages)
            keys.Text(key);
        stream.Write(keys.Ascii("e").Stop());
        foreach ((_, byte[] values) in storages)
        {
            stream.Write(BitConverter.GetBytes((long)values.Length / sizeof(float)));
            stream.Write(values);
        }
        return stream.ToArray();
    }

    public static byte[] Floats(params float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();

    private static void Add(ZipArchive zip, string name, byte[] content, CompressionLevel level)
    {
        using Stream entry = zip.CreateEntry(name, level).Open();
        entry.Write(content);
    }

    private PickleBuilder Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }
}
