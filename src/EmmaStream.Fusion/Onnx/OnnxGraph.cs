using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace EmmaStream.Fusion.Onnx;

/// <summary>A tensor of an ONNX graph, by its name.</summary>
internal readonly record struct OnnxValue(string Name);

/// <summary>
/// An ONNX graph that grows node by node; a node's name is that of what it gives, beginning with the part of the network that it belongs to.
/// Pictures are [N, channels, H, W]. Operators are those of opset <see cref="OnnxModel.Opset"/>.
/// </summary>
internal sealed class OnnxGraph(string name, string description)
{
    private readonly Dictionary<float, OnnxValue> _scalars = [];
    private string _part = name;

    /// <summary>The graph so far.</summary>
    public GraphProto Proto { get; } = new() { Name = name, DocString = description };

    /// <summary>Names the nodes that follow: <c>I_en_1</c>.</summary>
    public void Begin(string part) => _part = part;

    /// <summary>A float32 picture batch that the caller gives, [N, 1, H, W].</summary>
    public OnnxValue Input(string input, string description)
    {
        Proto.Input.Add(Picture(input, description));
        return new(input);
    }

    /// <summary>Makes <paramref name="value"/> a result of the graph, [N, 1, H, W].</summary>
    public void Output(string output, OnnxValue value, string description)
    {
        Proto.Node.Add(new NodeProto { OpType = "Identity", Name = output, Input = { value.Name }, Output = { output } });
        Proto.Output.Add(Picture(output, description));
    }

    /// <summary>A constant float32 tensor, row-major.</summary>
    public OnnxValue Constant(string constant, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
        => Constant(constant, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A constant list of integers: a shape, paddings.</summary>
    public OnnxValue Integers(string constant, params ReadOnlySpan<long> values)
        => Constant(constant, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>A constant number; equal ones are one.</summary>
    public OnnxValue Scalar(float value)
    {
        if (!_scalars.TryGetValue(value, out OnnxValue scalar))
            _scalars[value] = scalar = Add(new TensorProto { Name = FormattableString.Invariant($"{value}"), DataType = (int)TensorProto.Types.DataType.Float, FloatData = { value } });
        return scalar;
    }

    /// <summary>3x3, zero padding 1, no bias.</summary>
    public OnnxValue Zero3x3(OnnxValue x, OnnxValue weight)
        => Node("Conv", [x, weight], Numbers("kernel_shape", 3, 3), Numbers("pads", 1, 1, 1, 1));

    /// <summary>3x3, reflect padding 1. ONNX has that padding apart from the convolution.</summary>
    public OnnxValue Reflect3x3(OnnxValue x, OnnxValue weight, OnnxValue? bias = null, int stride = 1)
    {
        OnnxValue padded = Node("Pad", [x, OnePixel], Text("mode", "reflect"));
        return Node("Conv", bias is { } b ? [padded, weight, b] : [padded, weight], Numbers("kernel_shape", 3, 3), Numbers("strides", stride, stride));
    }

    /// <summary>1x1 without bias.</summary>
    public OnnxValue Pointwise(OnnxValue x, OnnxValue weight) => Node("Conv", [x, weight], Numbers("kernel_shape", 1, 1));

    /// <summary>Transposed 4x4, stride 2, padding 1: twice the width and height.</summary>
    public OnnxValue Up4x4(OnnxValue x, OnnxValue weight)
        => Node("ConvTranspose", [x, weight], Numbers("kernel_shape", 4, 4), Numbers("strides", 2, 2), Numbers("pads", 1, 1, 1, 1));

    /// <summary>a + b, with ONNX's broadcasting, as all of these.</summary>
    public OnnxValue Sum(OnnxValue a, OnnxValue b) => Node("Add", [a, b]);

    /// <summary>a - b.</summary>
    public OnnxValue Difference(OnnxValue a, OnnxValue b) => Node("Sub", [a, b]);

    /// <summary>a · b, element by element.</summary>
    public OnnxValue Product(OnnxValue a, OnnxValue b) => Node("Mul", [a, b]);

    /// <summary>a / b, element by element.</summary>
    public OnnxValue Quotient(OnnxValue a, OnnxValue b) => Node("Div", [a, b]);

    /// <summary>The larger of each.</summary>
    public OnnxValue Larger(OnnxValue a, OnnxValue b) => Node("Max", [a, b]);

    /// <summary>Matrix product over the last two dimensions.</summary>
    public OnnxValue MatrixProduct(OnnxValue a, OnnxValue b) => Node("MatMul", [a, b]);

    /// <summary>[N, rows, columns] with rows and columns exchanged.</summary>
    public OnnxValue Transposed(OnnxValue x) => Node("Transpose", [x], Numbers("perm", 0, 2, 1));

    /// <summary>Mean over the channels, [N, 1, H, W].</summary>
    public OnnxValue ChannelMean(OnnxValue x) => Node("ReduceMean", [x], Numbers("axes", 1), Number("keepdims", 1));

    /// <summary>Euclidean length of each row, [N, rows, 1].</summary>
    public OnnxValue RowLengths(OnnxValue rows) => Node("ReduceL2", [rows], Numbers("axes", 2), Number("keepdims", 1));

    /// <summary>softmax over each row.</summary>
    public OnnxValue RowSoftmax(OnnxValue rows) => Node("Softmax", [rows], Number("axis", -1));

    /// <summary>One after the other, by channel.</summary>
    public OnnxValue Concatenated(params ReadOnlySpan<OnnxValue> parts) => parts.Length == 1 ? parts[0] : Node("Concat", parts, Number("axis", 1));

    /// <summary>Equal parts by channel.</summary>
    public OnnxValue[] Parts(OnnxValue x, int count) => Nodes("Split", [x], count, Number("axis", 1));

    /// <summary>[N, channels, H · W].</summary>
    public OnnxValue Rows(OnnxValue x) => Node("Reshape", [x, AsRows]);

    /// <summary>Values in the shape of another tensor.</summary>
    public OnnxValue ShapedAs(OnnxValue model, OnnxValue x) => Node("Reshape", [x, Node("Shape", [model])]);

    /// <summary>A function of each element by ONNX's name of it: Relu, Sigmoid, Sqrt, Erf.</summary>
    public OnnxValue Each(string function, OnnxValue x) => Node(function, [x]);

    private OnnxValue OnePixel => Shared("one_pixel", 0, 0, 1, 1, 0, 0, 1, 1);

    // 0 keeps a dimension, -1 is what remains.
    private OnnxValue AsRows => Shared("rows", 0, 0, -1);

    private OnnxValue Shared(string constant, params ReadOnlySpan<long> values)
        => Proto.Initializer.Any(tensor => tensor.Name == constant) ? new(constant) : Integers(constant, values);

    private OnnxValue Constant(string constant, TensorProto.Types.DataType type, ReadOnlySpan<byte> values, ReadOnlySpan<long> shape)
        => Add(new TensorProto { Name = constant, DataType = (int)type, Dims = { shape.ToArray() }, RawData = ByteString.CopyFrom(values) });

    private OnnxValue Add(TensorProto constant)
    {
        Proto.Initializer.Add(constant);
        return new(constant.Name);
    }

    private OnnxValue Node(string operation, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<AttributeProto> attributes)
        => Nodes(operation, inputs, 1, attributes)[0];

    private OnnxValue[] Nodes(string operation, ReadOnlySpan<OnnxValue> inputs, int outputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string own = $"{_part}/{operation}_{Proto.Node.Count}";
        OnnxValue[] values = outputs == 1 ? [new(own)] : [.. Enumerable.Range(0, outputs).Select(part => new OnnxValue($"{own}.{part}"))];
        NodeProto node = new() { OpType = operation, Name = own, Attribute = { attributes.ToArray() } };
        foreach (OnnxValue input in inputs)
            node.Input.Add(input.Name);
        node.Output.Add(values.Select(value => value.Name));
        Proto.Node.Add(node);
        return values;
    }

    private static AttributeProto Number(string attribute, long value)
        => new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Numbers(string attribute, params long[] values)
        => new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    private static AttributeProto Text(string attribute, string value)
        => new() { Name = attribute, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private static ValueInfoProto Picture(string picture, string description)
    {
        TensorShapeProto shape = new();
        foreach (string extent in (string[])["N", "", "H", "W"])
            shape.Dim.Add(extent.Length == 0 ? new TensorShapeProto.Types.Dimension { DimValue = 1 } : new() { DimParam = extent });
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape };
        return new() { Name = picture, DocString = description, Type = new() { TensorType = tensor } };
    }
}
