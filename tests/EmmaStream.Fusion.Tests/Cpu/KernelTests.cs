using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EmmaStream.Fusion.Tests.Cpu;

/// <summary>Every kernel of every instruction set against its scalar definition, at any width.</summary>
public sealed unsafe class KernelTests
{
    private const float Tolerance = 2e-5f;

    [Property(MaxTest = 40)]
    public Property Kernels_equal_their_scalar_definition()
        => Prop.ForAll(
            Gen.Choose(2, 420).Zip(Gen.Elements(8, 16, 32)).Zip(Gen.Choose(0, 1 << 20)).ToArbitrary(),
            input =>
            {
                ((int width, int channels), int seed) = input;
                if (Vector512Kernels.IsSupported)
                    Compare<Vector512Kernels>(width, channels, seed);
                if (Vector256Kernels.IsSupported)
                    Compare<Vector256Kernels>(width, channels, seed);
            });

    [Fact]
    public void The_winograd_kernels_equal_the_direct_convolution()
    {
        var layout = new PhaseLayout(8, 50, 6);
        using var data = new KernelData(layout, 5);
        float[] taps = Fused.Noise(8 * 8 * 9, 3);
        using var filter = new EmmaStream.Fusion.Cpu.Filters.WinogradFilter(taps, 8);
        ScalarKernels.TransformInput(data.Rows, layout, 0, layout.Line, data.Points, Winograd.InputStride(8));
        ScalarKernels.MultiplyPoints(data.Points, 8, filter.Group(0), data.Products, layout.Line);
        ScalarKernels.TransformOutput(data.Products, layout, data.Outputs, 0, 0, layout.Line, new(Border.Zero));

        using var direct = new NativeFloats(layout.RowStride + PhaseLayout.Slack);
        using var packed = new NativeFloats([.. Enumerable.Range(0, 8 * 9 * 8).Select(n => taps[(n % 4 * 72) + (n / 4 % 72)])]);
        ScalarKernels.Direct3x3(data.Rows + 1, layout, packed.Pointer, direct.Pointer, null, null, false);
        for (int o = 0; o < 4; o++)
            for (int x = 0; x < layout.Width; x++)
            {
                int at = (o * layout.ChannelStride) + layout.Pixel(x);
                Assert.Equal(direct.Pointer[at], data.Outputs[1][at], 1e-4f);
            }
    }

    private static void Compare<TKernels>(int width, int channels, int seed)
        where TKernels : struct, IKernels
    {
        var layout = new PhaseLayout(channels, width, 6);
        using KernelData expected = new(layout, seed), actual = new(layout, seed);
        Run<ScalarKernels>(expected, layout);
        Run<TKernels>(actual, layout);
        expected.AssertNear(actual, TKernels.Name, Tolerance);
    }

    private static void Run<TKernels>(KernelData data, in PhaseLayout layout)
        where TKernels : struct, IKernels
    {
        int tiles = Math.Min(layout.Line, 96), channels = layout.Channels;
        nint stride = layout.ChannelStride;
        TKernels.TransformInput(data.Rows, layout, 0, tiles, data.Points, Winograd.InputStride(channels));
        data.Keep("transformed", data.Points + 9, tiles - 9);
        TKernels.MultiplyPoints(data.Points, channels, data.Weights, data.Products, tiles);
        data.Keep("products", data.Products, tiles);
        TKernels.TransformOutput(data.Products, layout, data.Outputs, channels - 8, 0, tiles, new(Border.Reflect, data.Weights, data.Rows, relu: true));
        data.KeepRow("convolved", data.Outputs[3], layout, channels - 8);

        nint* offsets = stackalloc nint[channels];
        for (int c = 0; c < channels; c++)
            offsets[c] = c * stride;
        TKernels.Pointwise(data.Rows[0], offsets, channels, data.Weights, data.Weights, data.Outputs[0], stride, data.Rows[1], (int)stride);
        data.KeepRow("pointwise", data.Outputs[0], layout, 0);
        TKernels.Direct3x3(data.Rows, layout, data.Weights, data.Outputs[0], data.Weights, data.Rows[4], true);
        data.KeepRow("direct", data.Outputs[0], layout, 0, 4);
        TKernels.Sigmoid3x3(data.Rows, layout, data.Weights, 0.5f, data.Outputs[0]);
        data.KeepRow("sigmoid", data.Outputs[0], layout, 0, 1);
        TKernels.LayerNorm(data.Rows[0], data.Outputs[0], layout, layout.ChannelStride, data.Weights, data.Weights + 32);
        data.KeepRow("norm", data.Outputs[0], layout, 0);
        TKernels.GroupedGate(data.Rows, data.Rows + 3, layout, layout.Line, data.Weights, data.Outputs[0]);
        data.KeepRow("gate", data.Outputs[0], layout, 0);
        if (channels > 8)
        {
            TKernels.Gram(data.Rows, data.Rows + 2, 2, layout, data.Sums);
            data.KeepSums(layout);
        }
        TKernels.Even(data.Rows[0] + 1, data.Outputs[0], layout.Line / 2);
        data.Keep("even", data.Outputs[0], layout.Line / 2);
        TKernels.InterleaveRelu(data.Rows[0], data.Rows[1], data.Outputs[0], layout.Line / 2);
        data.Keep("interleaved", data.Outputs[0], layout.Line);
        TKernels.ToPhases(data.Rows[0], data.Outputs[0], layout);
        data.KeepRow("phases", data.Outputs[0], layout, 0, 1);
        TKernels.FromPhases(data.Outputs[0], data.Outputs[1], layout);
        data.Keep("pixels", data.Outputs[1], width: layout.Width);
    }
}
