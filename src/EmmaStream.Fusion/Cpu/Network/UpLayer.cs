using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>
/// A transposed 4x4 convolution with stride 2, then ReLU: four products of 2x2 taps, one per parity of the output's row and column, each
/// pointwise over runs of the input and of the input moved by a pixel; their results interleave.
/// </summary>
/// <param name="name">As in the weights file.</param>
/// <param name="filters">By parity of row, then column: from 4 runs per input channel.</param>
/// <param name="input">Zero border.</param>
/// <param name="output">Twice the height and width.</param>
internal sealed unsafe class UpLayer<TKernels>(string name, IReadOnlyList<PointwiseFilter> filters, FeatureMap input, FeatureMap output) : Layer<TKernels>(name)
    where TKernels : struct, IKernels
{
    private readonly PhaseLayout _from = input.Layout.Unfolded();
    private readonly PhaseLayout _to = output.Layout.Unfolded();

    /// <summary>
    /// Output row 2a meets input rows a (tap 1) and a - 1 (tap 3), row 2a + 1 meets a + 1 (tap 0) and a (tap 2); columns likewise. Inputs of
    /// a filter are numbered (channel, row, column) in this order.
    /// </summary>
    public static IReadOnlyList<PointwiseFilter> Filters(float[] taps, int inputs, int outputs)
        => [.. Enumerable.Range(0, 4).Select(parity => new PointwiseFilter(
            outputs, 4 * inputs, (o, k) => taps[((((k / 4 * outputs) + o) * 4) + Tap(parity / 2, k / 2 % 2)) * 4 + Tap(parity % 2, k % 2)]))];

    public override int Length(int step) => input.Layout.Height;

    public override void Run(int step, int first, int end, Worker<TKernels> worker)
    {
        float* scratch = worker.Bench.Scratch;
        Gather(first - 1, scratch);
        Gather(first, scratch);
        for (int a = first; a < end; a++)
        {
            Gather(a + 1, scratch);
            for (int parity = 0; parity < 2; parity++)
                Make(a, parity, worker.Bench);
        }
        output.Complete(2 * first, 2 * end);
    }

    public override void Show(ActivationProbe? probe, int step) => probe?.Rows(Name, output, 0, output.Layout.Height);

    private static int Tap(int parity, int which) => (2 * which) + 1 - parity;

    /// <summary>Input row or column that a tap of a parity meets, from the one at half the output's place.</summary>
    private static int Step(int parity, int which) => parity - which;

    private void Make(int a, int rowParity, Workbench bench)
    {
        ref readonly PhaseLayout layout = ref _from;
        nint stride = layout.ChannelStride;
        float* results = bench.Scratch + (9 * (nint)layout.Channels * stride);
        float* row = output.Layout.IsFolded ? results + (_to.Channels * stride) : output.Produce((2 * a) + rowParity);
        for (int columnParity = 0; columnParity < 2; columnParity++)
        {
            nint* offset = bench.Offsets;
            for (int c = 0; c < layout.Channels; c++)
                for (int r = 0; r < 2; r++)
                    for (int t = 0; t < 2; t++)
                        *offset++ = Run(a + Step(rowParity, r), c, Step(columnParity, t), bench.Scratch);
            PointwiseFilter filter = filters[(2 * rowParity) + columnParity];
            for (int o = 0; o < filter.Outputs; o += 8)
                TKernels.Pointwise(bench.Scratch, bench.Offsets, filter.Inputs, filter.Group(o / 8), null, results + (o * stride), stride, null, (int)stride);
            Interleave(results, row, columnParity);
        }
        HaloPixels.WriteRow(row, _to, output.Border);
        if (output.Layout.IsFolded)
            output.Put((2 * a) + rowParity, row);
    }

    /// <summary>
    /// Output pixel 4k + 2h + parity belongs to input pixel 2k + h: input phases h and h + 2 take turns. Phases go in the order of memory,
    /// as the last vector of a line may run into the next one.
    /// </summary>
    private void Interleave(float* results, float* row, int parity)
    {
        ref readonly PhaseLayout from = ref _from;
        ref readonly PhaseLayout to = ref _to;
        for (int o = 0; o < to.Channels; o++, results += from.ChannelStride, row += to.ChannelStride)
            for (int h = 1; h >= 0; h--)
                TKernels.InterleaveRelu(results + from.Phase(h), results + from.Phase(2 + h), row + to.Phase((2 * h) + parity), to.Line / 2);
    }

    /// <summary>Where the run of input pixels moved by <paramref name="step"/> columns begins, from the scratch memory on.</summary>
    private nint Run(int y, int channel, int step, float* scratch)
    {
        nint stride = _from.ChannelStride;
        if (step == 0 && !input.Layout.IsFolded)
            return (nint)(input.Rows[y] - scratch) + (channel * stride);
        return (((((y + 3) % 3) * input.Layout.Channels) + channel) * 3 * stride) + ((step + 1) * stride);
    }

    private void Gather(int y, float* scratch)
    {
        ref readonly PhaseLayout layout = ref input.Layout;
        for (int c = 0; c < layout.Channels; c++)
        {
            float* x = input.Rows[y] + ((nint)c * layout.ChannelStride);
            for (int p = 0; p < 4; p++)
            {
                for (int step = -1; step < 2; step++)
                {
                    if (step != 0 || layout.IsFolded)
                        Copy(x + layout.Pixel(p + step), scratch + Run(y, c, step, scratch) + _from.Phase(p));
                }
            }
        }
    }

    private void Copy(float* from, float* to) => new ReadOnlySpan<float>(from, _from.Line).CopyTo(new Span<float>(to, _from.Line));
}
