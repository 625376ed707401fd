using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>
/// A 3x3 convolution with stride 2. For each tap the pixels it meets are gathered into a run in the output's own layout, so that one
/// pointwise product spans all phases of a row.
/// </summary>
/// <param name="name">As in the weights file.</param>
/// <param name="filter">From 9 runs per input channel: (channel, row, column).</param>
/// <param name="input">Twice the height and width of the output.</param>
/// <param name="output">Receives the result.</param>
internal sealed unsafe class DownLayer<TKernels>(string name, PointwiseFilter filter, FeatureMap input, FeatureMap output)
    : FollowingLayer<TKernels>(name, output.Layout.Height)
    where TKernels : struct, IKernels
{
    private readonly PhaseLayout _runs = output.Layout.Unfolded();

    public static PointwiseFilter Filter(float[] taps, int channels)
        => new(channels, 9 * channels, (o, k) => taps[(o * channels * 9) + k]);

    public override int Length(int step) => output.Layout.Height;

    public override int FirstFrom(int inputRow) => inputRow == 0 ? 0 : (inputRow + 2) / 2;

    protected override int EndBefore(int inputEnd) => inputEnd / 2;

    protected override void Make(int first, int end, Worker<TKernels> worker)
    {
        float* scratch = worker.Bench.Scratch;
        nint* offsets = worker.Bench.Offsets;
        nint stride = _runs.ChannelStride;
        Gather((2 * first) - 1, scratch);
        for (int y = first; y < end; y++)
        {
            Gather(2 * y, scratch);
            Gather((2 * y) + 1, scratch);
            nint* offset = offsets;
            for (int c = 0; c < input.Layout.Channels; c++)
                for (int r = -1; r < 2; r++)
                    for (int t = 0; t < 3; t++)
                        *offset++ = Run((2 * y) + r, c, t);
            float* row = output.Layout.IsFolded ? scratch + (9 * input.Layout.Channels * stride) : output.Produce(y);
            for (int o = 0; o < filter.Outputs; o += 8)
                TKernels.Pointwise(scratch, offsets, filter.Inputs, filter.Group(o / 8), null, row + (o * stride), stride, null, (int)stride);
            HaloPixels.WriteRow(row, _runs, output.Border);
            if (output.Layout.IsFolded)
                output.Put(y, row);
        }
        output.Complete(first, end);
    }

    public override void Show(ActivationProbe? probe, int step) => probe?.Rows(Name, output, 0, output.Layout.Height);

    /// <summary>Where the run of a tap begins in the scratch memory, which holds three rows.</summary>
    private nint Run(int y, int channel, int tap)
        => (((((y + 3) % 3) * input.Layout.Channels) + channel) * 3 * (nint)_runs.ChannelStride) + (tap * _runs.ChannelStride);

    /// <summary>Output pixel 4k + p meets input pixels 8k + 2p - 1, 8k + 2p, 8k + 2p + 1: every other pixel of an input phase line.</summary>
    private void Gather(int y, float* scratch)
    {
        ref readonly PhaseLayout from = ref input.Layout;
        ref readonly PhaseLayout to = ref _runs;
        for (int c = 0; c < from.Channels; c++)
        {
            float* x = input.Rows[y] + ((nint)c * from.ChannelStride);
            for (int tap = 0; tap < 3; tap++)
            {
                float* run = scratch + Run(y, c, tap);
                for (int p = 0; p < 4; p++)
                    TKernels.Even(x + from.Pixel((2 * p) + tap - 1), run + to.Phase(p), to.Line);
            }
        }
    }
}
