using System.Globalization;
using EmmaStream.Core.Files;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using Google.Protobuf;
using Onnx;

namespace EmmaStream.Fusion.Onnx;

/// <summary>
/// The U-Fuser as an ONNX file for other runtimes: the graph of <see cref="MergedWeights"/> in float32. Inputs <c>infrared</c> and
/// <c>visible</c>, output <c>fused</c>, each [N, 1, H, W] with N, H and W free; H and W are multiples of 8, at least 16. Sources in [0, 1].
/// </summary>
public static class OnnxModel
{
    /// <summary>Version of ONNX's operator set that the file asks for; runtimes of 2022 and later have it.</summary>
    public const int Opset = 17;

    /// <summary>Name of the first input.</summary>
    public const string Infrared = "infrared";

    /// <summary>Name of the second input.</summary>
    public const string Visible = "visible";

    /// <summary>Name of the output.</summary>
    public const string Fused = "fused";

    // The file format that came with the opset.
    private const int FormatVersion = 8;

    /// <summary>
    /// Writes the network; the file appears under its name only when complete. It names its producer, the number of parameters before
    /// merging and the weights' file (without its folder).
    /// </summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">The weights are not the U-Fuser's, or the file cannot be written.</exception>
    public static void Save(string path, WeightSet weights)
    {
        ModelProto model = Build(weights);
        CompleteFile.Write(path, stream => model.WriteTo(stream));
    }

    private static ModelProto Build(WeightSet weights)
    {
        string size = $"H and W are multiples of {UFuserSchema.SizeStep}, at least {UFuserSchema.SmallestSize}";
        OnnxGraph graph = new("UFuser", $"EMMA's U-Fuser, consecutive linear steps merged. [N, 1, H, W] float32; {size}.");
        OnnxValue infrared = graph.Input(Infrared, $"Infrared luma in [0, 1]; {size}.");
        OnnxValue visible = graph.Input(Visible, "Visible luma in [0, 1], as large as the infrared.");
        graph.Output(Fused, new OnnxUFuser(graph, new MergedWeights(weights)).Of(infrared, visible), "Fused luma in (0, 1).");
        return new()
        {
            IrVersion = FormatVersion,
            OpsetImport = { new OperatorSetIdProto { Version = Opset } },
            ProducerName = "EmmaStream",
            ProducerVersion = typeof(OnnxModel).Assembly.GetName().Version!.ToString(3),
            DocString = graph.Proto.DocString,
            Graph = graph.Proto,
            MetadataProps =
            {
                Entry("network", UFuserSchema.Schema.Network),
                Entry("parameters", weights.Tensors.Sum(t => (long)t.Values.Length).ToString(CultureInfo.InvariantCulture)),
                Entry("origin", Path.GetFileName(weights.Origin)),
            },
        };
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
