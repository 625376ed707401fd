using EmmaStream.Fusion.Onnx;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using Microsoft.ML.OnnxRuntime;

namespace EmmaStream.Fusion.Tests.Onnx;

/// <summary>An exported file in ONNX Runtime.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OnnxSession(WeightSet weights)
    {
        OnnxModel.Save(_folder["emma.onnx"], weights);
        using SessionOptions options = new() { IntraOpNumThreads = 2 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        Inference = new(_folder["emma.onnx"], options);
    }

    public InferenceSession Inference { get; }

    /// <summary>Fuses pairs [count, 1, height, width].</summary>
    public float[] Fuse(float[] infrared, float[] visible, int width, int height, int count = 1)
    {
        long[] shape = [count, 1, height, width];
        using OrtValue ir = OrtValue.CreateTensorValueFromMemory(infrared, shape), vi = OrtValue.CreateTensorValueFromMemory(visible, shape);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = Inference.Run(options, [OnnxModel.Infrared, OnnxModel.Visible], [ir, vi], [OnnxModel.Fused]);
        Assert.Equal(shape, results[0].GetTensorTypeAndShape().Shape);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        Inference.Dispose();
        _folder.Dispose();
    }
}
