namespace EmmaStream.Fusion.Weights;

/// <summary>The handful of callables and storage types that a PyTorch state_dict refers to, and what each makes. Everything else is refused.</summary>
internal sealed class TorchObjects
{
    private static readonly Dictionary<string, ElementType> StorageTypes = new()
    {
        ["FloatStorage"] = ElementType.Float32,
        ["DoubleStorage"] = ElementType.Float64,
        ["HalfStorage"] = ElementType.Float16,
        ["BFloat16Storage"] = ElementType.BFloat16,
        ["LongStorage"] = ElementType.Int64,
        ["IntStorage"] = ElementType.Int32,
        ["ShortStorage"] = ElementType.Int16,
        ["CharStorage"] = ElementType.Int8,
        ["ByteStorage"] = ElementType.UInt8,
        ["BoolStorage"] = ElementType.Bool,
    };

    private readonly Dictionary<string, StoredValues> _storages = [];

    /// <summary>The name itself when it is on the list.</summary>
    /// <exception cref="MalformedWeights">It is not.</exception>
    public static PickleGlobal Admit(PickleGlobal global)
    {
        bool known = global switch
        {
            { Module: "collections", Name: "OrderedDict" } => true,
            { Module: "torch._utils", Name: "_rebuild_tensor" or "_rebuild_tensor_v2" or "_rebuild_parameter" } => true,
            { Module: "torch", Name: "Size" } => true,
            { Module: "torch", Name: var name } => StorageTypes.ContainsKey(name),
            _ => false,
        };
        return known ? global : throw new MalformedWeights(
            $"the pickle in it calls {global}; refused. Save the weights alone: torch.save(network.state_dict(), path)");
    }

    /// <summary>What calling an admitted name makes.</summary>
    public static object? Call(PickleGlobal callee, IReadOnlyList<object?> arguments) => callee.Name switch
    {
        "OrderedDict" => OrderedDictionary(arguments),
        "Size" when arguments is [PickleTuple shape] => shape,
        "_rebuild_tensor" or "_rebuild_tensor_v2" => Tensor(arguments),
        "_rebuild_parameter" when arguments is [StoredTensor tensor, ..] => tensor,
        _ => throw new MalformedWeights($"the pickle in it calls {callee} in a way that no state_dict needs; refused"),
    };

    /// <summary>The storage that a persistent id names: ('storage', type, key, location, count[, view]). One key is one storage.</summary>
    public StoredValues Storage(IReadOnlyList<object?> id)
    {
        if (id is not ["storage", PickleGlobal { Module: "torch" } type, string key, _, long count, ..] ||
            !StorageTypes.TryGetValue(type.Name, out ElementType elements) || count < 0 || count > WeightFile.LargestFile)
            throw new MalformedWeights("damaged: a storage of the pickle is not described as torch.save does it");
        if (id is [_, _, _, _, _, not null, ..])
            throw new MalformedWeights("has storages that are views of storages, as PyTorch before 0.4 wrote them; load and save it with a newer PyTorch");
        StoredValues storage = new(key, elements, count);
        if (_storages.TryGetValue(key, out StoredValues? seen) && seen != storage)
            throw new MalformedWeights("damaged: two tensors describe one storage differently");
        return _storages[key] = storage;
    }

    private static PickleDictionary OrderedDictionary(IReadOnlyList<object?> arguments)
    {
        PickleDictionary dictionary = new();
        if (arguments is [List<object?> pairs])
        {
            foreach (object? pair in pairs)
            {
                if (pair is not List<object?> { Count: 2 } entry)
                    throw new MalformedWeights("damaged: an OrderedDict of the pickle is not a list of pairs");
                dictionary.Set(entry[0], entry[1]);
            }
        }
        return dictionary;
    }

    private static StoredTensor Tensor(IReadOnlyList<object?> arguments)
    {
        if (arguments is not [StoredValues storage, long offset, PickleTuple shape, PickleTuple strides, ..] ||
            !shape.Items.All(extent => extent is >= 0L and <= int.MaxValue) || !strides.Items.All(stride => stride is long) ||
            shape.Items.Count > 8)
            throw new MalformedWeights("damaged: a tensor of the pickle is not described as torch.save does it");
        return new(storage, offset, [.. shape.Items.Select(e => (int)(long)e!)], [.. strides.Items.Select(s => (long)s!)]);
    }
}
