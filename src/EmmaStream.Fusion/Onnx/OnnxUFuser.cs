using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Onnx;

/// <summary>Writes the U-Fuser with merged weights into a graph.</summary>
internal sealed class OnnxUFuser(OnnxGraph graph, MergedWeights weights)
{
    /// <summary>The fused picture [N, 1, H, W] in (0, 1) of two in [0, 1]; H and W multiples of 8, at least 16.</summary>
    public OnnxValue Of(OnnxValue infrared, OnnxValue visible)
    {
        OnnxValue[] i = Encode("I", infrared, weights.InfraredEncoder, weights.InfraredDown);
        OnnxValue[] v = Encode("V", visible, weights.VisibleEncoder, weights.VisibleDown);
        OnnxValue[] f = [.. Enumerable.Range(0, 4).Select(level => Block(weights.Fusion[level], i[level], v[level]))];

        OnnxValue o = Block(weights.Decoder[3], f[3]);
        for (int level = 2; level >= 0; level--)
            o = Block(weights.Decoder[level], Up(level, o), f[level]);
        return Last(o);
    }

    private OnnxValue[] Encode(string stream, OnnxValue picture, IReadOnlyList<MergedBlock> blocks, IReadOnlyList<float[]> downs)
    {
        OnnxValue[] features = new OnnxValue[blocks.Count];
        features[0] = Block(blocks[0], picture);
        for (int level = 1; level < blocks.Count; level++)
            features[level] = Block(blocks[level], Down(stream, level, features[level - 1], downs[level - 1]));
        return features;
    }

    private OnnxValue Block(MergedBlock block, params ReadOnlySpan<OnnxValue> inputs) => new OnnxBlock(graph, block).Of(inputs);

    private OnnxValue Down(string stream, int level, OnnxValue x, float[] weight)
    {
        string name = $"{stream}_down{level}";
        graph.Begin(name);
        int channels = UFuserSchema.LevelChannels[level - 1];
        return graph.Reflect3x3(x, graph.Constant(name, weight, channels, channels, 3, 3), stride: 2);
    }

    private OnnxValue Up(int level, OnnxValue x)
    {
        string name = $"up{level + 2}";
        graph.Begin(name);
        (int from, int to) = (UFuserSchema.LevelChannels[level + 1], UFuserSchema.LevelChannels[level]);
        return graph.Each("Relu", graph.Up4x4(x, graph.Constant(name, weights.Up[level], from, to, 4, 4)));
    }

    private OnnxValue Last(OnnxValue x)
    {
        graph.Begin("last");
        OnnxValue weight = graph.Constant("last.weight", weights.Last, 1, UFuserSchema.LevelChannels[0], 3, 3);
        return graph.Each("Sigmoid", graph.Reflect3x3(x, weight, graph.Constant("last.bias", weights.LastBias, 1)));
    }
}
