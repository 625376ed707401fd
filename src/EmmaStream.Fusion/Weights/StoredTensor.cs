namespace EmmaStream.Fusion.Weights;

/// <summary>A run of values in a file that one or more tensors look into.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">How a value is written.</param>
/// <param name="Count">Number of values.</param>
internal sealed record StoredValues(string Key, ElementType Type, long Count);

/// <summary>A tensor as a view into stored values, as PyTorch keeps it: an offset and one stride per extent.</summary>
internal sealed record StoredTensor(StoredValues Storage, long Offset, IReadOnlyList<int> Shape, IReadOnlyList<long> Strides)
{
    /// <summary>Number of values; the shape was checked to stay within int.</summary>
    public int Count => Shape.Aggregate(1, (product, extent) => checked(product * extent));

    /// <summary>What is wrong with the view, or null: it must stay inside its storage and not repeat values.</summary>
    public string? Problem()
    {
        if (Shape.Count != Strides.Count)
            return "has a stride list that does not match its shape";
        long last = Offset, count = 1;
        for (int axis = 0; axis < Shape.Count; axis++)
        {
            long extent = Shape[axis], stride = Strides[axis];
            if (extent < 0 || (extent > 1 && (stride < 0 || stride > Storage.Count)))
                return $"has extent {extent} with stride {stride}";
            count *= extent;
            last += extent > 1 ? (extent - 1) * stride : 0;
            if (count > Storage.Count || last > int.MaxValue)
                return "is larger than its storage";
        }
        return Offset < 0 || (count > 0 && last >= Storage.Count) ? "reaches beyond its storage" : null;
    }

    /// <summary>The values in row-major order as float32, whatever the strides were.</summary>
    public float[] Values(ReadOnlySpan<byte> storage)
    {
        float[] values = new float[Count];
        int[] at = new int[Shape.Count];
        long source = Offset;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Storage.Type.Read(storage, source);
            for (int axis = Shape.Count - 1; axis >= 0; axis--)
            {
                source += Strides[axis];
                if (++at[axis] < Shape[axis])
                    break;
                source -= Strides[axis] * Shape[axis];
                at[axis] = 0;
            }
        }
        return values;
    }
}
