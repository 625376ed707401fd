using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>Brings a picture into phase layout, reflected on the right and below up to the size the network takes, and looks for NaN and infinity.</summary>
/// <param name="name">Which picture, for messages.</param>
/// <param name="output">One channel at the padded size.</param>
internal sealed unsafe class PictureIn<TKernels>(string name, FeatureMap output) : Layer<TKernels>(name)
    where TKernels : struct, IKernels
{
    private int _flaws;

    /// <summary>The picture of this frame.</summary>
    public LumaPlane Picture { get; set; }

    public override int Length(int step) => output.Layout.Height;

    public override int ShortestBand => 64;

    /// <summary>Whether a sample was NaN or infinite since the last call.</summary>
    public bool TakeFlaw() => Interlocked.Exchange(ref _flaws, 0) != 0;

    public override void Run(int step, int first, int end, Worker<TKernels> worker)
    {
        float* pixels = worker.Bench.Scratch;
        for (int y = first; y < end; y++)
        {
            int source = Math.Min(y, (2 * (Picture.Height - 1)) - y);
            Picture.Row(source).CopyTo(new Span<float>(pixels, Picture.Width));
            for (int x = Picture.Width; x < output.Layout.Width; x++)
                pixels[x] = pixels[(2 * (Picture.Width - 1)) - x];
            if (!IsFinite(pixels, Picture.Width))
                Interlocked.Exchange(ref _flaws, 1);
            float* row = output.Produce(y);
            TKernels.ToPhases(pixels, row, output.Layout);
            HaloPixels.WriteRow(row, output.Layout, output.Border);
        }
    }

    /// <summary>0 x is 0 for every finite x and NaN for all others, and NaN survives the sum.</summary>
    private static bool IsFinite(float* pixels, int count)
    {
        float sum = 0;
        int n = 0;
        System.Numerics.Vector<float> sums = default;
        for (; n + System.Numerics.Vector<float>.Count <= count; n += System.Numerics.Vector<float>.Count)
            sums += System.Runtime.CompilerServices.Unsafe.ReadUnaligned<System.Numerics.Vector<float>>(pixels + n) * 0f;
        for (; n < count; n++)
            sum += pixels[n] * 0;
        return System.Numerics.Vector.Sum(sums) + sum == 0;
    }
}

/// <summary>The network's last convolution and sigmoid, out of phase layout, cropped to the picture.</summary>
/// <param name="name">As in the weights file.</param>
/// <param name="weights">[8][9].</param>
/// <param name="bias">Its bias.</param>
/// <param name="input">The last feature.</param>
internal sealed unsafe class PictureOut<TKernels>(string name, NativeFloats weights, float bias, FeatureMap input)
    : FollowingLayer<TKernels>(name, input.Layout.Height)
    where TKernels : struct, IKernels
{
    /// <summary>The picture of this frame.</summary>
    public LumaPlane Picture { get; set; }

    public override int Length(int step) => Picture.Height;

    public override int ShortestBand => 16;

    public override int FirstFrom(int inputRow) => inputRow == 0 ? 0 : inputRow + 1;

    protected override int EndBefore(int inputEnd) => inputEnd == input.Layout.Height ? inputEnd : inputEnd - 1;

    protected override void Make(int first, int end, Worker<TKernels> worker)
    {
        float* channel = worker.Bench.Scratch;
        float* pixels = channel + input.Layout.RowStride;
        for (int y = first; y < end; y++)
        {
            TKernels.Sigmoid3x3(input.Rows.From(y - 1), input.Layout, weights.Pointer, bias, channel);
            TKernels.FromPhases(channel, pixels, input.Layout);
            new ReadOnlySpan<float>(pixels, Picture.Width).CopyTo(Picture.Row(y));
        }
    }
}
