using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <content>Everything that works on one pixel or on a small neighbourhood of it.</content>
internal unsafe partial struct ScalarKernels
{
    public static void LayerNorm(float* x, float* y, in PhaseLayout layout, int length, float* weight, float* bias)
    {
        nint stride = layout.ChannelStride;
        for (int n = 0; n < length; n++)
        {
            float mean = 0, variance = 0;
            for (int c = 0; c < layout.Channels; c++)
                mean += x[(c * stride) + n];
            mean /= layout.Channels;
            for (int c = 0; c < layout.Channels; c++)
                variance += (x[(c * stride) + n] - mean) * (x[(c * stride) + n] - mean);
            float scale = 1 / MathF.Sqrt((variance / layout.Channels) + 1e-5f);
            for (int c = 0; c < layout.Channels; c++)
            {
                float normed = (x[(c * stride) + n] - mean) * scale;
                y[(c * stride) + n] = weight == null ? normed : (normed * weight[c]) + bias[c];
            }
        }
    }

    public static void GroupedGate(float** first, float** second, in PhaseLayout layout, int tiles, float* weights, float* y)
    {
        for (int c = 0; c < layout.Channels; c++)
            for (int x = 0; x < 4 * tiles; x++)
            {
                float a = GroupedSum(first, layout, weights + (c * 18), c, x);
                float b = GroupedSum(second, layout, weights + ((layout.Channels + c) * 18), c, x);
                y[(c * layout.ChannelStride) + layout.Pixel(x)] = Gelu(a) * b;
            }
    }

    private static float GroupedSum(float** rows, in PhaseLayout layout, float* weights, int channel, int x)
    {
        float sum = 0;
        for (int i = 0; i < 2; i++)
            for (int t = 0; t < 9; t++)
                sum += weights[(i * 9) + t] * rows[t / 3][(((channel & ~1) + i) * layout.ChannelStride) + layout.Pixel(x + (t % 3) - 1)];
        return sum;
    }

    /// <summary>0.5 x (1 + erf(x / sqrt 2)).</summary>
    public static float Gelu(float x)
    {
        float z = Math.Clamp(x * Winograd.SqrtHalf, -ErrorFunction.Limit, ErrorFunction.Limit);
        float u = z * z, p = ErrorFunction.P5, q = ErrorFunction.Q5;
        p = (p * u) + ErrorFunction.P4;
        q = (q * u) + ErrorFunction.Q4;
        p = (p * u) + ErrorFunction.P3;
        q = (q * u) + ErrorFunction.Q3;
        p = (p * u) + ErrorFunction.P2;
        q = (q * u) + ErrorFunction.Q2;
        p = (p * u) + ErrorFunction.P1;
        q = (q * u) + ErrorFunction.Q1;
        p = (p * u) + ErrorFunction.P0;
        q = (q * u) + 1;
        float half = 0.5f * x;
        return half + (half * (z * p / q));
    }

    public static void Gram(float** q, float** k, int rows, in PhaseLayout layout, double* sums)
    {
        for (int r = 0; r < rows; r++)
            Gram(q[r], k[r], layout, sums);
    }

    private static void Gram(float* q, float* k, in PhaseLayout layout, double* sums)
    {
        int c = layout.Channels / 8;
        nint stride = layout.ChannelStride;
        for (int h = 0; h < 8; h++, sums += (c * c) + (2 * c))
            for (int i = 0; i < c; i++)
            {
                float* a = q + (((h * c) + i) * stride), b = k + (((h * c) + i) * stride);
                for (int j = 0; j < c; j++)
                    sums[(i * c) + j] += Dot(a, k + (((h * c) + j) * stride), layout);
                sums[(c * c) + i] += Dot(a, a, layout);
                sums[(c * c) + c + i] += Dot(b, b, layout);
            }
    }

    private static float Dot(float* a, float* b, in PhaseLayout layout)
    {
        float sum = 0;
        for (int x = 0; x < layout.Width; x++)
            sum += a[layout.Pixel(x)] * b[layout.Pixel(x)];
        return sum;
    }

    public static void Even(float* x, float* y, int count)
    {
        for (int n = 0; n < count; n++)
            y[n] = x[2 * n];
    }

    public static void InterleaveRelu(float* a, float* b, float* y, int count)
    {
        for (int n = 0; n < count; n++)
        {
            y[2 * n] = Math.Max(a[n], 0);
            y[(2 * n) + 1] = Math.Max(b[n], 0);
        }
    }

    public static void ToPhases(float* pixels, float* channel, in PhaseLayout layout)
    {
        for (int x = 0; x < 4 * layout.Line; x++)
            channel[layout.Pixel(x)] = pixels[x];
    }

    public static void FromPhases(float* channel, float* pixels, in PhaseLayout layout)
    {
        for (int x = 0; x < 4 * layout.Line; x++)
            pixels[x] = channel[layout.Pixel(x)];
    }
}
