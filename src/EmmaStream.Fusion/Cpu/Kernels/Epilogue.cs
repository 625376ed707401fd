using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>What a convolution does with a sum before it stores it: bias, then the residual, then ReLU, each if there; and the halo of what it stored.</summary>
/// <param name="border">What the consumers of the output find outside.</param>
/// <param name="bias">One value per output channel of the call, or null.</param>
/// <param name="residual">Rows to add, in the layout of the output: as many as rows are written, or null.</param>
/// <param name="relu">Whether negative sums become zero.</param>
internal readonly unsafe struct Epilogue(Border border, float* bias = null, float** residual = null, bool relu = false)
{
    public Border Border { get; } = border;

    public float* Bias { get; } = bias;

    public float** Residual { get; } = residual;

    public bool Relu { get; } = relu;
}
