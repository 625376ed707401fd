using System.Buffers.Binary;
using System.Numerics;

namespace EmmaStream.Fusion.Weights;

/// <summary>
/// The format that <c>torch.save</c> wrote before PyTorch 1.6: five pickles (a magic number, a version, the system, the object, the storage
/// keys), then every storage as a count and its raw values, in the order of the keys.
/// </summary>
internal static class TorchLegacyFile
{
    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, null);

    /// <summary>Whether the bytes begin with the pickled magic number.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> file) =>
        file.Length > 14 && file[0] == 0x80 && file[2] == 0x8a && file[3] == 10 && new BigInteger(file.Slice(4, 10)) == Magic;

    /// <summary>Reads the state_dict.</summary>
    /// <exception cref="MalformedWeights">Damaged, truncated, or more than tensors.</exception>
    public static WeightSet Read(string path, byte[] file)
    {
        int at = 0;
        Next(file, ref at);                                       // the magic number
        if (Next(file, ref at) is not 1001L)
            throw new MalformedWeights("in a version of PyTorch's old format that is not known. Load and save it with a newer PyTorch");
        if (Next(file, ref at) is not PickleDictionary system || system["little_endian"] is not true)
            throw new MalformedWeights("damaged, or written on a big-endian machine");
        object? root = Next(file, ref at);
        if (Next(file, ref at) is not List<object?> keys)
            throw new MalformedWeights("damaged: the list of storages is missing");
        return new Storages(file, at, keys).Read(path, root);
    }

    private static object? Next(byte[] file, ref int at)
    {
        PickleInterpreter pickle = new(file.AsMemory(at));
        object? value = pickle.Run();
        at += pickle.Consumed;
        return value;
    }

    /// <summary>The raw storages behind the pickles. Only the tensors tell how wide a value is, so they are found in one walk over the keys.</summary>
    private sealed class Storages(byte[] file, int start, List<object?> keys)
    {
        private readonly Dictionary<string, ReadOnlyMemory<byte>> _bytes = [];

        public WeightSet Read(string path, object? root)
        {
            Dictionary<string, StoredValues> described = [];
            Describe(root, described);
            int at = start;
            foreach (object? key in keys)
            {
                if (key is not string name || !described.TryGetValue(name, out StoredValues? storage))
                    throw new MalformedWeights("damaged: it has a storage that no tensor uses");
                if (file.Length - at < sizeof(long))
                    throw Truncated();
                long count = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at)), size = storage.Count * storage.Type.Size();
                at += sizeof(long);
                if (count != storage.Count)
                    throw new MalformedWeights($"damaged: storage {name.Shown()} has {count} values where {storage.Count} are expected");
                if (size > file.Length - at)
                    throw Truncated();
                _bytes[name] = file.AsMemory(at, (int)size);
                at += (int)size;
            }
            return StateDictionary.Read(path, root, storage => _bytes.TryGetValue(storage.Key, out ReadOnlyMemory<byte> bytes) ? bytes : throw Truncated());
        }

        /// <summary>Collects the storages of every tensor in the object, nested or not.</summary>
        private static void Describe(object? root, Dictionary<string, StoredValues> described)
        {
            HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
            Stack<object?> open = new([root]);
            while (open.TryPop(out object? value))
            {
                if (value is StoredTensor tensor)
                    described[tensor.Storage.Key] = tensor.Storage;
                else if (value is not null && seen.Add(value))
                {
                    foreach (object? part in Parts(value))
                        open.Push(part);
                }
            }
        }

        private static IEnumerable<object?> Parts(object value) => value switch
        {
            PickleDictionary dictionary => dictionary.Items.Select(item => item.Value),
            PickleTuple tuple => tuple.Items,
            List<object?> list => list,
            _ => [],
        };

        private static MalformedWeights Truncated() => new("truncated: storages are missing at its end");
    }
}
