namespace EmmaStream.Fusion.Weights;

/// <summary>Makes a weight set of an unpickled state_dict and the storages of its file.</summary>
internal static class StateDictionary
{
    /// <summary>Every tensor of <paramref name="root"/>, or of the dict under its key <c>state_dict</c>; other values are left aside.</summary>
    /// <param name="origin">Path of the file.</param>
    /// <param name="root">What the pickle holds.</param>
    /// <param name="bytesOf">The bytes of a storage; throws when they are not all there.</param>
    /// <exception cref="MalformedWeights">No tensors, or a tensor that does not fit its storage.</exception>
    public static WeightSet Read(string origin, object? root, Func<StoredValues, ReadOnlyMemory<byte>> bytesOf)
    {
        if (root is not PickleDictionary dictionary)
            throw new MalformedWeights("holds no state_dict. Save it with torch.save(network.state_dict(), path)");
        if (dictionary["state_dict"] is PickleDictionary nested)
            dictionary = nested;
        List<KeyValuePair<object, object?>> tensors = [.. dictionary.Items.Where(item => item is { Key: string, Value: StoredTensor })];
        if (tensors.Count == 0)
        {
            string keys = string.Join(", ", dictionary.Items.Take(8).Select(item => $"{item.Key}".Shown()));
            throw new MalformedWeights($"holds no tensors{(keys == "" ? "" : $" (its keys: {keys})")}. Save it with torch.save(network.state_dict(), path)");
        }
        RefuseInflation(tensors.Select(item => (StoredTensor)item.Value!));
        return new(origin, tensors.Select(item => Materialize((string)item.Key, (StoredTensor)item.Value!, bytesOf)));
    }

    private static WeightTensor Materialize(string name, StoredTensor tensor, Func<StoredValues, ReadOnlyMemory<byte>> bytesOf)
    {
        if (tensor.Problem() is string problem)
            throw new MalformedWeights($"damaged: tensor {name.Shown()} {problem}");
        return new(name, tensor.Shape, tensor.Values(bytesOf(tensor.Storage).Span));
    }

    /// <summary>Tensors may share storages, but a small file must not become gigabytes.</summary>
    private static void RefuseInflation(IEnumerable<StoredTensor> tensors)
    {
        const int Sharing = 8;
        HashSet<StoredValues> storages = [];
        long stored = 0, wanted = 0;
        foreach (StoredTensor tensor in tensors)
        {
            if (storages.Add(tensor.Storage))
                stored += tensor.Storage.Count;
            wanted += tensor.Shape.Aggregate(1L, (product, extent) => Math.Min(product * extent, int.MaxValue));
        }
        if (wanted > Sharing * stored)
            throw new MalformedWeights($"damaged: its tensors hold more than {Sharing} times the values that it stores");
    }
}
