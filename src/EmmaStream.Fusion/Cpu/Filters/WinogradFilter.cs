using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Filters;

/// <summary>A 3x3 convolution in the domain of its products: weights [outputs / 8][36][inputs][8].</summary>
internal sealed unsafe class WinogradFilter : IDisposable
{
    private readonly NativeFloats _points;
    private readonly NativeFloats? _bias;

    /// <param name="outputs">Output channels, a multiple of 8.</param>
    /// <param name="inputs">Input channels.</param>
    public WinogradFilter(int outputs, int inputs)
    {
        (Outputs, Inputs) = (outputs, inputs);
        _points = new NativeFloats(36L * outputs * inputs);
    }

    /// <param name="taps">[outputs, inputs, 3, 3].</param>
    /// <param name="outputs">Output channels, a multiple of 8.</param>
    /// <param name="bias">[outputs] or none.</param>
    public WinogradFilter(ReadOnlySpan<float> taps, int outputs, float[]? bias = null)
        : this(outputs, taps.Length / 9 / outputs)
    {
        _bias = bias is null ? null : new NativeFloats(bias);
        Span<double> kernel = stackalloc double[9];
        Span<double> points = stackalloc double[36];
        for (int o = 0; o < Outputs; o++)
            for (int i = 0; i < Inputs; i++)
            {
                for (int t = 0; t < 9; t++)
                    kernel[t] = taps[(((o * Inputs) + i) * 9) + t];
                Winograd.TransformFilter(kernel, points);
                for (int p = 0; p < 36; p++)
                    Group(o / 8)[(((p * Inputs) + i) * 8) + (o % 8)] = (float)points[p];
            }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public float* Bias => _bias is null ? null : _bias.Pointer;

    /// <summary>Weights of the 8 outputs from 8 x <paramref name="group"/> on: [36][inputs][8].</summary>
    public float* Group(int group) => _points.Pointer + (36L * 8 * Inputs * group);

    public void Dispose()
    {
        _points.Dispose();
        _bias?.Dispose();
    }
}
