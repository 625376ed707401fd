using System.Text;

namespace EmmaStream.Fusion.Weights;

/// <summary>Pickles the index of a state_dict: names, shapes, and for every tensor its own storage, numbered in order.</summary>
internal static class StateDictionaryPickle
{
    /// <summary>The content of data.pkl, protocol 2.</summary>
    public static byte[] Of(WeightSet weights)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write([0x80, 2, (byte)'}', (byte)'(']);       // a dict, not an OrderedDict: libtorch's own unpickler knows only the former
        for (int i = 0; i < weights.Tensors.Count; i++)
        {
            Text(writer, weights.Tensors[i].Name);
            Tensor(writer, weights.Tensors[i], i);
        }
        writer.Write("u."u8);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks).</summary>
    private static void Tensor(BinaryWriter writer, WeightTensor tensor, int key)
    {
        writer.Write("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
        Text(writer, "storage");
        writer.Write("ctorch\nFloatStorage\n"u8);
        Text(writer, key.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text(writer, "cpu");
        Integer(writer, tensor.Values.Length);
        writer.Write("tQ"u8);
        Integer(writer, 0);
        Tuple(writer, tensor.Shape);
        int[] strides = new int[tensor.Shape.Count];
        int stride = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(1, tensor.Shape[axis]);
        }
        Tuple(writer, strides);
        writer.Write((byte)0x89);
        writer.Write("ccollections\nOrderedDict\n)RtR"u8);
    }

    private static void Tuple(BinaryWriter writer, IReadOnlyList<int> values)
    {
        writer.Write((byte)'(');
        foreach (int value in values)
            Integer(writer, value);
        writer.Write((byte)'t');
    }

    private static void Integer(BinaryWriter writer, int value)
    {
        writer.Write((byte)'J');
        writer.Write(value);
    }

    private static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((byte)'X');
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
