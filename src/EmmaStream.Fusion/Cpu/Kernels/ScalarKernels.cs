using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>The kernels without SIMD: the definition of what every instruction set must give, and what runs where there is none.</summary>
internal unsafe partial struct ScalarKernels : IKernels
{
    public static string Name => "scalar";

    public static void TransformInput(float** rows, in PhaseLayout layout, int firstTile, int tiles, float* points, nint pointStride)
    {
        Span<float> d = stackalloc float[36];
        Span<float> t = stackalloc float[36];
        for (int c = 0; c < layout.Channels; c++)
        {
            for (int k = 0; k < tiles; k++)
            {
                for (int y = 0; y < 6; y++)
                    for (int x = 0; x < 6; x++)
                        d[(y * 6) + x] = rows[y][(c * layout.ChannelStride) + layout.Pixel((4 * (firstTile + k)) + x - 1)];
                for (int x = 0; x < 6; x++)
                    TransformSix(d[x..], t[x..], 6);
                for (int y = 0; y < 6; y++)
                    TransformSix(t[(y * 6)..], d[(y * 6)..], 1);
                for (int p = 0; p < 36; p++)
                    points[(p / 6 * pointStride) + (c * Winograd.ChannelStride) + (p % 6 * Winograd.BlockTiles) + k] = d[p];
            }
        }
    }

    private static void TransformSix(ReadOnlySpan<float> d, Span<float> r, int stride)
    {
        (float d0, float d1, float d2, float d3, float d4, float d5) = (d[0], d[stride], d[2 * stride], d[3 * stride], d[4 * stride], d[5 * stride]);
        r[0] = d0 + (d4 - (2.5f * d2));
        r[stride] = d4 - (2 * d2) + (Winograd.SqrtHalf * (d3 - (2 * d1)));
        r[2 * stride] = d4 - (2 * d2) - (Winograd.SqrtHalf * (d3 - (2 * d1)));
        r[3 * stride] = d4 - (0.5f * d2) + (Winograd.Sqrt2 * (d3 - (0.5f * d1)));
        r[4 * stride] = d4 - (0.5f * d2) - (Winograd.Sqrt2 * (d3 - (0.5f * d1)));
        r[5 * stride] = d5 + (d1 - (2.5f * d3));
    }

    public static void MultiplyPoints(float* points, int channels, float* weights, float* products, int tiles)
    {
        nint pointStride = Winograd.InputStride(channels);
        for (int p = 0; p < 36; p++, weights += channels * 8)
        {
            float* v = points + (p / 6 * pointStride) + (p % 6 * Winograd.BlockTiles);
            float* m = products + (p / 6 * Winograd.ProductStride) + (p % 6 * Winograd.BlockTiles);
            for (int o = 0; o < 8; o++)
                for (int k = 0; k < tiles; k++)
                {
                    float sum = 0;
                    for (int i = 0; i < channels; i++)
                        sum += weights[(i * 8) + o] * v[(i * Winograd.ChannelStride) + k];
                    m[(o * Winograd.ChannelStride) + k] = sum;
                }
        }
    }

    public static void TransformOutput(float* products, in PhaseLayout layout, float** rows, int channel, int firstTile, int tiles, in Epilogue epilogue)
    {
        Span<float> m = stackalloc float[36];
        Span<float> t = stackalloc float[36];
        for (int o = 0; o < 8; o++)
        {
            for (int k = 0; k < tiles; k++)
            {
                for (int p = 0; p < 36; p++)
                    m[p] = products[(p / 6 * Winograd.ProductStride) + (o * Winograd.ChannelStride) + (p % 6 * Winograd.BlockTiles) + k];
                for (int y = 0; y < 6; y++)
                    CombineSix(m[(y * 6)..], t[(y * 6)..], 1);
                for (int x = 0; x < 4; x++)
                    CombineSix(t[x..], m[x..], 6);
                for (int n = 0; n < 16; n++)
                {
                    nint at = ((channel + o) * layout.ChannelStride) + layout.Pixel((4 * (firstTile + k)) + (n % 4));
                    rows[n / 4][at] = Finish(m[(n / 4 * 6) + (n % 4)], epilogue.Bias == null ? 0 : epilogue.Bias[o], epilogue.Residual == null ? null : epilogue.Residual[n / 4] + at, epilogue.Relu);
                }
            }
            // The slot of pixel -1 may be the padding of another line: nothing of the row may follow it.
            if (layout.IsFolded || firstTile + tiles < layout.Tiles)
                continue;
            for (int r = 0; r < Winograd.Tile; r++)
                HaloPixels.Write(rows[r] + ((nint)(channel + o) * layout.ChannelStride), layout, epilogue.Border);
        }
    }

    private static void CombineSix(ReadOnlySpan<float> m, Span<float> o, int stride)
    {
        (float m0, float m5) = (m[0], m[5 * stride]);
        (float s1, float e1) = (m[stride] + m[2 * stride], m[stride] - m[2 * stride]);
        (float s2, float e2) = (m[3 * stride] + m[4 * stride], m[3 * stride] - m[4 * stride]);
        o[0] = m0 + s1 + s2;
        o[stride] = (Winograd.SqrtHalf * e1) + (Winograd.Sqrt2 * e2);
        o[2 * stride] = (0.5f * s1) + (2 * s2);
        o[3 * stride] = (0.25f * Winograd.Sqrt2 * e1) + (2 * Winograd.Sqrt2 * e2) + m5;
    }

    private static float Finish(float sum, float bias, float* residual, bool relu)
    {
        sum += bias;
        if (residual != null)
            sum += *residual;
        return relu && sum < 0 ? 0 : sum;
    }

    public static void Pointwise(float* x, nint* offsets, int inputs, float* weights, float* bias, float* y, nint stride, float* residual, int length)
    {
        for (int o = 0; o < 8; o++)
            for (int n = 0; n < length; n++)
            {
                float sum = bias == null ? 0 : bias[o];
                for (int k = 0; k < inputs; k++)
                    sum += weights[(k * 8) + o] * x[offsets[k] + n];
                y[(o * stride) + n] = residual == null ? sum : sum + residual[(o * stride) + n];
            }
    }

    public static void Direct3x3(float** rows, in PhaseLayout layout, float* weights, float* y, float* bias, float* residual, bool relu)
    {
        for (int o = 0; o < 4; o++)
            for (int x = 0; x < 4 * layout.Tiles; x++)
            {
                nint at = (o * layout.ChannelStride) + layout.Pixel(x);
                float sum = 0;
                for (int c = 0; c < layout.Channels; c++)
                    for (int t = 0; t < 9; t++)
                        sum += weights[(((c * 9) + t) * 4) + o] * rows[t / 3][(c * layout.ChannelStride) + layout.Pixel(x + (t % 3) - 1)];
                y[at] = Finish(sum, bias == null ? 0 : bias[o], residual == null ? null : residual + at, relu);
            }
    }

    public static void Sigmoid3x3(float** rows, in PhaseLayout layout, float* weights, float bias, float* y)
    {
        for (int x = 0; x < 4 * layout.Tiles; x++)
        {
            float sum = bias;
            for (int c = 0; c < layout.Channels; c++)
                for (int t = 0; t < 9; t++)
                    sum += weights[(c * 9) + t] * rows[t / 3][(c * layout.ChannelStride) + layout.Pixel(x + (t % 3) - 1)];
            y[layout.Pixel(x)] = 1 / (1 + MathF.Exp(-sum));
        }
    }
}
