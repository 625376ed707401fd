using EmmaStream.Fusion.Weights;

namespace EmmaStream.Fusion.Cpu.Reference;

/// <summary>The operations of the U-Fuser as plain loops with sums in double: what every fast kernel must equal.</summary>
internal static class ReferenceOperations
{
    public enum Border
    {
        /// <summary>Index -1 reads index 1, the edge is not repeated.</summary>
        Reflect,

        /// <summary>Outside is zero.</summary>
        Zero,
    }

    /// <summary>Cross-correlation with a square kernel, padding (k - 1) / 2.</summary>
    /// <param name="x">[ci, H, W].</param>
    /// <param name="weight">[co, ci / groups, k, k], k = 1 or 3.</param>
    /// <param name="bias">[co] or none.</param>
    /// <param name="border">What lies outside.</param>
    /// <param name="stride">1 or 2; the output has ceil(n / stride) rows and columns.</param>
    /// <param name="groups">Output channel o sees the input channels of group o / (co / groups) only.</param>
    public static Planes Convolve(Planes x, WeightTensor weight, WeightTensor? bias, Border border, int stride = 1, int groups = 1)
    {
        (int outputs, int inputs, int k) = (weight.Shape[0], weight.Shape[1], weight.Shape[2]);
        int height = (x.Height + stride - 1) / stride, width = (x.Width + stride - 1) / stride;
        var y = new Planes(outputs, height, width);
        var sums = new double[width];
        for (int o = 0; o < outputs; o++)
        {
            int firstInput = o / (outputs / groups) * inputs;
            for (int row = 0; row < height; row++)
            {
                Array.Fill(sums, bias is null ? 0 : bias.Values[o]);
                for (int i = 0; i < inputs; i++)
                    for (int ky = 0; ky < k; ky++)
                    {
                        int source = Index((row * stride) + ky - (k / 2), x.Height, border);
                        if (source >= 0)
                            AddRow(sums, x.Channel(firstInput + i).Slice(source * x.Width, x.Width), weight.Values.AsSpan(((o * inputs) + i) * k * k).Slice(ky * k, k), stride, border);
                    }
                for (int column = 0; column < width; column++)
                    y[o, row, column] = (float)sums[column];
            }
        }
        return y;
    }

    private static void AddRow(double[] sums, ReadOnlySpan<float> row, ReadOnlySpan<float> taps, int stride, Border border)
    {
        for (int kx = 0; kx < taps.Length; kx++)
        {
            double tap = taps[kx];
            for (int column = 0; column < sums.Length; column++)
            {
                int source = (column * stride) + kx - (taps.Length / 2);
                if ((uint)source >= (uint)row.Length)
                    source = Index(source, row.Length, border);
                if (source >= 0)
                    sums[column] += tap * row[source];
            }
        }
    }

    private static int Index(int i, int length, Border border)
        => (uint)i < (uint)length ? i : border == Border.Zero ? -1 : i < 0 ? -i : (2 * length) - 2 - i;

    /// <summary>Transposed convolution 4x4, stride 2, padding 1: the output is twice as high and wide.</summary>
    /// <param name="x">[ci, H, W].</param>
    /// <param name="weight">[ci, co, 4, 4].</param>
    public static Planes ConvolveTransposed(Planes x, WeightTensor weight)
    {
        int outputs = weight.Shape[1];
        var y = new Planes(outputs, x.Height * 2, x.Width * 2);
        var sums = new double[y.Values.Length];
        for (int i = 0; i < x.Channels; i++)
            for (int o = 0; o < outputs; o++)
                for (int tap = 0; tap < 16; tap++)
                {
                    double w = weight.Values[((((i * outputs) + o) * 16) + tap)];
                    for (int row = 0; row < x.Height; row++)
                        for (int column = 0; column < x.Width; column++)
                        {
                            int yy = (2 * row) - 1 + (tap / 4), xx = (2 * column) - 1 + (tap % 4);
                            if ((uint)yy < (uint)y.Height && (uint)xx < (uint)y.Width)
                                sums[(((o * y.Height) + yy) * y.Width) + xx] += w * x[i, row, column];
                        }
                }
        for (int i = 0; i < sums.Length; i++)
            y.Values[i] = (float)sums[i];
        return y;
    }

    /// <summary>Per pixel over the channels: (x - mean) / sqrt(variance + 1e-5) * weight + bias, biased variance.</summary>
    public static Planes LayerNorm(Planes x, WeightTensor weight, WeightTensor bias)
    {
        var y = new Planes(x.Channels, x.Height, x.Width);
        int pixels = x.Height * x.Width;
        for (int p = 0; p < pixels; p++)
        {
            double mean = 0, variance = 0;
            for (int c = 0; c < x.Channels; c++)
                mean += x.Values[(c * pixels) + p];
            mean /= x.Channels;
            for (int c = 0; c < x.Channels; c++)
                variance += Math.Pow(x.Values[(c * pixels) + p] - mean, 2);
            double scale = 1 / Math.Sqrt((variance / x.Channels) + 1e-5);
            for (int c = 0; c < x.Channels; c++)
                y.Values[(c * pixels) + p] = (float)(((x.Values[(c * pixels) + p] - mean) * scale * weight.Values[c]) + bias.Values[c]);
        }
        return y;
    }

    /// <summary>0.5 x (1 + erf(x / sqrt 2)), the exact form.</summary>
    public static float Gelu(float x) => (float)(0.5 * x * (1 + Erf(x / Math.Sqrt(2))));

    /// <summary>erf by its Maclaurin series below 3, by the continued fraction of erfc above; error below 1e-14.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a > 6)
            return Math.Sign(x);
        if (a < 3)
        {
            double term = x, sum = x;
            for (int n = 1; Math.Abs(term) > 1e-17; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }
            return 2 / Math.Sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int n = 60; n > 0; n--)
            fraction = n / 2.0 / (a + fraction);
        return Math.Sign(x) * (1 - (Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction)));
    }

    /// <summary>Attention between the channels of each of 8 heads; the softmax matrix multiplies v.</summary>
    /// <param name="qkv">[3d, H, W]: q, k, v.</param>
    /// <param name="scale">[8, 1, 1].</param>
    public static Planes Attend(Planes qkv, WeightTensor scale)
    {
        int d = qkv.Channels / 3, c = d / 8;
        var result = new Planes(d, qkv.Height, qkv.Width);
        var row = new double[c];
        for (int i = 0; i < d; i++)
        {
            int firstOfHead = i / c * c;
            for (int j = 0; j < c; j++)
            {
                double norms = Norm(qkv.Channel(i)) * Norm(qkv.Channel(d + firstOfHead + j));
                row[j] = Dot(qkv.Channel(i), qkv.Channel(d + firstOfHead + j)) / norms * scale.Values[i / c];
            }
            double largest = row.Max(), total = row.Sum(a => Math.Exp(a - largest));
            for (int j = 0; j < c; j++)
            {
                float a = (float)(Math.Exp(row[j] - largest) / total);
                ReadOnlySpan<float> v = qkv.Channel((2 * d) + firstOfHead + j);
                Span<float> target = result.Channel(i);
                for (int p = 0; p < v.Length; p++)
                    target[p] += a * v[p];
            }
        }
        return result;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int p = 0; p < a.Length; p++)
            sum += (double)a[p] * b[p];
        return sum;
    }

    private static double Norm(ReadOnlySpan<float> a) => Math.Max(Math.Sqrt(Dot(a, a)), 1e-12);
}
