namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>What a convolution does with a sum before it stores it: bias, then the residual, then ReLU; each may be absent.</summary>
/// <param name="bias">One value per output channel of the call, or null.</param>
/// <param name="residual">Rows to add, in the layout of the output: as many as rows are written, or null.</param>
/// <param name="relu">Whether negative sums become zero.</param>
internal readonly unsafe struct Epilogue(float* bias = null, float** residual = null, bool relu = false)
{
    public float* Bias { get; } = bias;

    public float** Residual { get; } = residual;

    public bool Relu { get; } = relu;
}
