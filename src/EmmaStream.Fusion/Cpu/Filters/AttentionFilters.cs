using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Cpu.Filters;

/// <summary>
/// Attention at levels 2 to 4. It works between channels: once the frame's sums q.k, q.q and k.k are known, softmax, v and projection are
/// one linear map M = P blockdiag(A), and M after v's 3x3 is one 3x3 again. Nothing but the normed feature is ever convolved.
/// </summary>
internal sealed unsafe class AttentionFilters : IDisposable
{
    private readonly float[] _projection;
    private readonly float[] _scale;
    private readonly NativeFloats _values;   // [36][input][m]: v's filter in the domain of the products
    private readonly int _channels;
    private readonly int _headChannels;

    public AttentionFilters(MergedBlock block)
    {
        _channels = block.Spec.Channels;
        _headChannels = block.Spec.HeadChannels;
        (_projection, _scale) = (block.Projection, block.Scale);
        ReadOnlySpan<float> taps = block.QueryKeyValue ?? throw new ArgumentException("a block whose heads have one channel", nameof(block));
        int perPart = _channels * _channels * 9;
        QueryKey = new WinogradFilter(taps[..(2 * perPart)], 2 * _channels);
        _values = new NativeFloats(Transformed(taps[(2 * perPart)..], _channels));
    }

    /// <summary>d to q and k (2d), zero padding.</summary>
    public WinogradFilter QueryKey { get; }

    /// <summary>Sums that one strip leaves: [8 heads][c x c of q.k, c of q.q, c of k.k].</summary>
    public int SumsPerStrip => UFuserSchema.Heads * ((_headChannels * _headChannels) + (2 * _headChannels));

    /// <summary>The frame's attention with projection, from the normed feature: M after v's 3x3.</summary>
    /// <param name="sums">The sums of the whole frame, <see cref="SumsPerStrip"/>.</param>
    /// <param name="combined">Receives the filter, d to d.</param>
    public void Combine(ReadOnlySpan<double> sums, WinogradFilter combined)
    {
        int d = _channels;
        float* mixture = stackalloc float[d * d];   // [m][output]
        Mixture(sums, new Span<float>(mixture, d * d));
        for (int group = 0; group < d / 8; group += 2)
            Combine(mixture + (8 * group), combined.Group(group), combined.Group(group + 1));
    }

    /// <summary>16 outputs of every point and input, four of these at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(float* mixture, float* lower, float* upper)
    {
        nint d = _channels;
        float* v = _values.Pointer;
        for (nint left = 36 * d; left > 0; left -= 4, v += 4 * d, lower += 32, upper += 32)
        {
            Vector512<float> a = Vector512<float>.Zero, b = a, c = a, e = a;
            float* m = mixture;
            for (nint i = 0; i < d; i++, m += d)
            {
                Vector512<float> mixed = Vector512.Load(m);
                a = Vector512.MultiplyAddEstimate(Vector512.Create(v[i]), mixed, a);
                b = Vector512.MultiplyAddEstimate(Vector512.Create(v[d + i]), mixed, b);
                c = Vector512.MultiplyAddEstimate(Vector512.Create(v[(2 * d) + i]), mixed, c);
                e = Vector512.MultiplyAddEstimate(Vector512.Create(v[(3 * d) + i]), mixed, e);
            }
            Part(a, lower, upper);
            Part(b, lower + 8, upper + 8);
            Part(c, lower + 16, upper + 16);
            Part(e, lower + 24, upper + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Part(Vector512<float> outputs, float* lower, float* upper)
    {
        outputs.GetLower().Store(lower);
        outputs.GetUpper().Store(upper);
    }

    public void Dispose()
    {
        QueryKey.Dispose();
        _values.Dispose();
    }

    /// <summary>M transposed, [m][output]: projection times the block diagonal of the heads' softmax matrices.</summary>
    private void Mixture(ReadOnlySpan<double> sums, Span<float> mixture)
    {
        int d = _channels, c = _headChannels;
        Span<double> attention = stackalloc double[c * c];
        for (int h = 0; h < UFuserSchema.Heads; h++)
        {
            Softmax(sums.Slice(h * ((c * c) + (2 * c)), (c * c) + (2 * c)), _scale[h], attention);
            for (int o = 0; o < d; o++)
                for (int j = 0; j < c; j++)
                {
                    double sum = 0;
                    for (int i = 0; i < c; i++)
                        sum += _projection[(o * d) + (h * c) + i] * attention[(i * c) + j];
                    mixture[(((h * c) + j) * d) + o] = (float)sum;
                }
        }
    }

    /// <summary>softmax over j of q_i.k_j / (|q_i| |k_j|) x scale, each norm at least 1e-12.</summary>
    private void Softmax(ReadOnlySpan<double> sums, double scale, Span<double> attention)
    {
        int c = _headChannels;
        for (int i = 0; i < c; i++)
        {
            Span<double> row = attention.Slice(i * c, c);
            double largest = double.NegativeInfinity, total = 0;
            for (int j = 0; j < c; j++)
            {
                row[j] = sums[(i * c) + j] / (Norm(sums[(c * c) + i]) * Norm(sums[(c * c) + c + j])) * scale;
                largest = Math.Max(largest, row[j]);
            }
            for (int j = 0; j < c; j++)
                total += row[j] = Math.Exp(row[j] - largest);
            for (int j = 0; j < c; j++)
                row[j] /= total;
        }
    }

    private static double Norm(double sumOfSquares) => Math.Max(Math.Sqrt(sumOfSquares), UFuserSchema.SmallestRowNorm);

    private static float[] Transformed(ReadOnlySpan<float> taps, int d)
    {
        var values = new float[36 * d * d];
        Span<double> kernel = stackalloc double[9];
        Span<double> points = stackalloc double[36];
        for (int m = 0; m < d; m++)
            for (int i = 0; i < d; i++)
            {
                for (int t = 0; t < 9; t++)
                    kernel[t] = taps[(((m * d) + i) * 9) + t];
                Winograd.TransformFilter(kernel, points);
                for (int p = 0; p < 36; p++)
                    values[(((p * d) + i) * d) + m] = (float)points[p];
            }
        return values;
    }
}
