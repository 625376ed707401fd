using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Onnx;

/// <summary>Writes one block of the U-Fuser with merged weights into a graph. Steps and names are those of <see cref="MergedBlock"/>.</summary>
internal sealed class OnnxBlock(OnnxGraph graph, MergedBlock block)
{
    // Added to what softmax shall not see: its exponential is exactly 0.
    private const float Unseen = -1e30f;

    private readonly int _d = block.Spec.Channels;

    /// <summary>FFN(concat(global(e), local(e))), e = embed(concat(inputs)); inputs have ci channels together, the result is [N, d, H, W].</summary>
    public OnnxValue Of(params ReadOnlySpan<OnnxValue> inputs)
    {
        graph.Begin(block.Spec.Name);
        OnnxValue e = graph.Reflect3x3(graph.Concatenated(inputs), Kernel("embed", block.Embed, block.Spec.InputChannels));
        return graph.Reflect3x3(graph.Concatenated(Global(e), Local(e)), Kernel("FFN", block.Ffn, 2 * _d));
    }

    /// <summary>g = e + attention(norm1(e)); g + mlp(norm2(g)). norm2's weight and bias are in the gate.</summary>
    private OnnxValue Global(OnnxValue e)
    {
        OnnxValue n = graph.Sum(graph.Product(Normal(e), PerChannel("norm1.weight", block.Norm1Weight)), PerChannel("norm1.bias", block.Norm1Bias));
        OnnxValue g = graph.Sum(e, block.DirectAttention is { } direct ? graph.Zero3x3(n, Kernel("attention", direct, _d)) : Attention(n));
        return graph.Sum(g, Mlp(Normal(g)));
    }

    /// <summary>Twice: l + conv2(relu(conv0(l))).</summary>
    private OnnxValue Local(OnnxValue e)
    {
        OnnxValue l = e;
        for (int step = 0; step < 2; step++)
        {
            OnnxValue inner = graph.Each("Relu", Biased3x3($"local.{step}.conv0", block.Local[2 * step], l));
            l = graph.Sum(l, Biased3x3($"local.{step}.conv2", block.Local[2 * step + 1], inner));
        }
        return l;
    }

    /// <summary>
    /// M v with M = proj · softmax(q k^T / (|q| |k|) · scale), rows [N, d, H · W]. All pairs of channels are multiplied; what belongs to two
    /// heads is hidden from softmax, so that A is block-diagonal.
    /// </summary>
    private OnnxValue Attention(OnnxValue n)
    {
        OnnxValue[] qkv = graph.Parts(graph.Zero3x3(n, graph.Constant(Named("qkv"), block.QueryKeyValue, 3 * _d, _d, 3, 3)), 3);
        (OnnxValue q, OnnxValue k, OnnxValue v) = (graph.Rows(qkv[0]), graph.Rows(qkv[1]), graph.Rows(qkv[2]));
        OnnxValue products = graph.MatrixProduct(q, graph.Transposed(k));
        OnnxValue cosines = graph.Quotient(products, graph.MatrixProduct(Lengths(q), graph.Transposed(Lengths(k))));
        OnnxValue scaled = graph.Product(cosines, graph.Constant(Named("scale"), ScalePerRow(), _d, 1));
        OnnxValue a = graph.RowSoftmax(graph.Sum(scaled, graph.Constant(Named("heads"), OwnHead(), _d, _d)));
        OnnxValue m = graph.MatrixProduct(graph.Constant(Named("proj"), block.Projection, _d, _d), a);
        return graph.ShapedAs(n, graph.MatrixProduct(m, v));
    }

    /// <summary>project_out(gelu(y1) · y2), y1 and y2 the halves of what the gate makes of n.</summary>
    private OnnxValue Mlp(OnnxValue n)
    {
        OnnxValue gate = graph.Constant(Named("gate.weight"), block.Gate.Weight, 2 * _d, _d, 3, 3);
        OnnxValue[] y = graph.Parts(graph.Reflect3x3(n, gate, graph.Constant(Named("gate.bias"), block.Gate.Bias, 2 * _d)), 2);
        OnnxValue projectOut = graph.Constant(Named("project_out"), block.ProjectOut, _d, _d, 1, 1);
        return graph.Pointwise(graph.Product(Gelu(y[0]), y[1]), projectOut);
    }

    /// <summary>0.5 x (1 + erf(x / √2)), in the order that runtimes know as one operator.</summary>
    private OnnxValue Gelu(OnnxValue x)
    {
        OnnxValue error = graph.Each("Erf", graph.Quotient(x, graph.Scalar(float.Sqrt(2))));
        return graph.Product(graph.Product(x, graph.Sum(error, graph.Scalar(1))), graph.Scalar(0.5f));
    }

    /// <summary>(x - mean) / sqrt(variance + 1e-5) over the channels of each pixel.</summary>
    private OnnxValue Normal(OnnxValue x)
    {
        OnnxValue centred = graph.Difference(x, graph.ChannelMean(x));
        OnnxValue variance = graph.ChannelMean(graph.Product(centred, centred));
        return graph.Quotient(centred, graph.Each("Sqrt", graph.Sum(variance, graph.Scalar((float)UFuserSchema.NormEpsilon))));
    }

    private OnnxValue Lengths(OnnxValue rows) => graph.Larger(graph.RowLengths(rows), graph.Scalar((float)UFuserSchema.SmallestRowNorm));

    private OnnxValue Biased3x3(string name, BiasedConvolution convolution, OnnxValue x)
        => graph.Reflect3x3(x, Kernel($"{name}.weight", convolution.Weight, _d), graph.Constant(Named($"{name}.bias"), convolution.Bias, _d));

    private OnnxValue Kernel(string name, float[] weight, int inputs) => graph.Constant(Named(name), weight, _d, inputs, 3, 3);

    private OnnxValue PerChannel(string name, float[] values) => graph.Constant(Named(name), values, 1, _d, 1, 1);

    private string Named(string name) => $"{block.Spec.Name}.{name}";

    private float[] ScalePerRow() => [.. Enumerable.Range(0, _d).Select(row => block.Scale[row / block.Spec.HeadChannels])];

    /// <summary>[d, d]: 0 where row and column belong to one head.</summary>
    private float[] OwnHead()
    {
        int c = block.Spec.HeadChannels;
        return [.. Enumerable.Range(0, _d * _d).Select(at => at / _d / c == at % _d / c ? 0 : Unseen)];
    }
}
