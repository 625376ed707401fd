using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Filters;

/// <summary>A matrix from inputs to outputs, applied to every pixel: weights [outputs / 8][inputs][8].</summary>
internal sealed unsafe class PointwiseFilter : IDisposable
{
    private readonly NativeFloats _weights;
    private readonly NativeFloats? _bias;

    /// <param name="outputs">Output channels, a multiple of 8.</param>
    /// <param name="inputs">Input runs.</param>
    /// <param name="weight">The weight of (output, input).</param>
    /// <param name="bias">[outputs] or none.</param>
    public PointwiseFilter(int outputs, int inputs, Func<int, int, float> weight, float[]? bias = null)
    {
        (Outputs, Inputs) = (outputs, inputs);
        _bias = bias is null ? null : new NativeFloats(bias);
        _weights = new NativeFloats((long)outputs * inputs);
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < inputs; i++)
                Group(o / 8)[(i * 8) + (o % 8)] = weight(o, i);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Weights of the 8 outputs from 8 x <paramref name="group"/> on: [inputs][8].</summary>
    public float* Group(int group) => _weights.Pointer + (8L * Inputs * group);

    /// <summary>Bias of the 8 outputs from 8 x <paramref name="group"/> on, or null.</summary>
    public float* Bias(int group) => _bias is null ? null : _bias.Pointer + (8 * group);

    public void Dispose()
    {
        _weights.Dispose();
        _bias?.Dispose();
    }
}
