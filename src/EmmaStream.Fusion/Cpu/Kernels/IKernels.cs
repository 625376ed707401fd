using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>
/// The inner loops of the engine, one implementation per instruction set; <see cref="ScalarKernels"/> defines what each must give. All
/// tile counts are multiples of 16, all rows in <see cref="PhaseLayout"/>. Lanes beyond the picture are computed and mean nothing.
/// </summary>
internal unsafe interface IKernels
{
    /// <summary>The instruction set, for reports: "avx-512", "avx2", "scalar".</summary>
    static abstract string Name { get; }

    /// <summary>Transforms all channels of one strip: B^T d B of each tile.</summary>
    /// <param name="rows">The 6 rows that 4 rows of output depend on.</param>
    /// <param name="layout">Layout of these rows.</param>
    /// <param name="firstTile">First tile of the row, a multiple of 16.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="points">Receives [i][channel][j][tile].</param>
    /// <param name="pointStride">Distance of two y points in <paramref name="points"/>.</param>
    static abstract void TransformInput(float** rows, in PhaseLayout layout, int firstTile, int tiles, float* points, nint pointStride);

    /// <summary>At each of the 36 points: 8 outputs = weights [8, channels] x inputs [channels, tiles].</summary>
    /// <param name="points">[i][channel][j][tile].</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="weights">[36][channel][8].</param>
    /// <param name="products">Receives [i][8][j][tile].</param>
    /// <param name="tiles">Tiles, at most <see cref="Winograd.BlockTiles"/>.</param>
    static abstract void MultiplyPoints(float* points, int channels, float* weights, float* products, int tiles);

    /// <summary>A^T m A of 8 channels of one strip, then the epilogue.</summary>
    /// <param name="products">[i][8][j][tile].</param>
    /// <param name="layout">Layout of the rows written.</param>
    /// <param name="rows">The 4 rows to write.</param>
    /// <param name="channel">First of the 8 output channels.</param>
    /// <param name="firstTile">First tile of the row.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="epilogue">Bias of these 8 channels, residual rows (4), ReLU.</param>
    static abstract void TransformOutput(float* products, in PhaseLayout layout, float** rows, int channel, int firstTile, int tiles, in Epilogue epilogue);

    /// <summary>8 outputs of a 1x1 over a run: y[o] = bias[o] + sum over k of weights[k][o] x[offsets[k]] (+ residual).</summary>
    /// <param name="x">Base of the inputs.</param>
    /// <param name="offsets">Where each input run begins.</param>
    /// <param name="inputs">How many inputs.</param>
    /// <param name="weights">[inputs][8].</param>
    /// <param name="bias">[8] or null.</param>
    /// <param name="y">First output run.</param>
    /// <param name="stride">Distance of two output runs, and of two residual runs.</param>
    /// <param name="residual">First residual run or null.</param>
    /// <param name="length">Floats in a run, a multiple of 16.</param>
    static abstract void Pointwise(float* x, nint* offsets, int inputs, float* weights, float* bias, float* y, nint stride, float* residual, int length);

    /// <summary>A direct 3x3 convolution to 4 channels of one row: the plain twin of the Winograd kernels, and the way in from one channel.</summary>
    /// <param name="rows">The 3 input rows.</param>
    /// <param name="layout">Their layout.</param>
    /// <param name="weights">[channel][9][4].</param>
    /// <param name="y">The first of the 4 output channels, in a row of the same width.</param>
    /// <param name="bias">[4] or null.</param>
    /// <param name="residual">First of 4 channels to add, or null; may be <paramref name="y"/>.</param>
    /// <param name="relu">Whether negative sums become zero.</param>
    static abstract void Direct3x3(float** rows, in PhaseLayout layout, float* weights, float* y, float* bias, float* residual, bool relu);

    /// <summary>A direct 3x3 convolution to one channel of one row, with bias, then the logistic function.</summary>
    /// <param name="rows">The 3 input rows.</param>
    /// <param name="layout">Their layout.</param>
    /// <param name="weights">[channel][9].</param>
    /// <param name="bias">Added to every sum.</param>
    /// <param name="y">One output channel in a row of the same width.</param>
    static abstract void Sigmoid3x3(float** rows, in PhaseLayout layout, float* weights, float bias, float* y);

    /// <summary>Per pixel over the channels (x - mean) / sqrt(variance + 1e-5), then x weight + bias where given.</summary>
    /// <param name="x">First channel of a run.</param>
    /// <param name="y">Receives the run.</param>
    /// <param name="layout">Layout of both.</param>
    /// <param name="length">Floats in the run, a multiple of 16.</param>
    /// <param name="weight">One a channel, or null.</param>
    /// <param name="bias">One a channel, where there are weights.</param>
    static abstract void LayerNorm(float* x, float* y, in PhaseLayout layout, int length, float* weight, float* bias);

    /// <summary>
    /// The middle of the MLP for one row: grouped 3x3 of both halves (channels 2g, 2g+1 to 2g, 2g+1), then gelu(first) x second.
    /// </summary>
    /// <param name="first">3 rows of the first half.</param>
    /// <param name="second">3 rows of the second half.</param>
    /// <param name="layout">Layout of these rows and of <paramref name="y"/>.</param>
    /// <param name="tiles">How many, a multiple of 16.</param>
    /// <param name="weights">[2 x channels][2][9], first half first.</param>
    /// <param name="y">Receives one row.</param>
    static abstract void GroupedGate(float** first, float** second, in PhaseLayout layout, int tiles, float* weights, float* y);

    /// <summary>Adds the q.k, q.q and k.k sums of some rows for every head, over the pixels of the picture only.</summary>
    /// <param name="q">Rows of q.</param>
    /// <param name="k">Rows of k.</param>
    /// <param name="rows">How many.</param>
    /// <param name="layout">Their layout; heads are its channels / 8 wide: 2 or 4.</param>
    /// <param name="sums">[8][c x c + 2c].</param>
    static abstract void Gram(float** q, float** k, int rows, in PhaseLayout layout, double* sums);

    /// <summary>y[n] = x[2n].</summary>
    static abstract void Even(float* x, float* y, int count);

    /// <summary>y[2n] = max(a[n], 0), y[2n+1] = max(b[n], 0).</summary>
    static abstract void InterleaveRelu(float* a, float* b, float* y, int count);

    /// <summary>Parts a row of pixels into the four phase lines of one channel. Reads 4 x line pixels.</summary>
    static abstract void ToPhases(float* pixels, float* channel, in PhaseLayout layout);

    /// <summary>Joins the four phase lines of one channel to pixels. Writes 4 x line pixels.</summary>
    static abstract void FromPhases(float* channel, float* pixels, in PhaseLayout layout);
}
