using System.Diagnostics;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Benchmarks.Cpu;

/// <summary>Cycles of the kernels alone, on rows that lie in the second-level cache: what each costs where memory costs nothing more.</summary>
internal static unsafe class KernelBench
{
    public static int Run()
    {
        double peak = FmaPeak.Measure(), ghz = peak / 64;
        Console.WriteLine($"peak {peak:f0} GFLOP/s, {ghz:f2} GHz if two 512-bit multiply-adds a cycle");
        float** table = stackalloc float*[16];
        float** t = table;
        foreach ((int channels, int width) in new[] { (8, 640), (16, 320), (32, 160), (32, 80) })
        {
            var layout = new PhaseLayout(channels, width, 480);
            int tiles = Math.Min(layout.Line, 80);
            using var rows = new NativeFloats((16L * layout.RowStride) + PhaseLayout.Slack);
            using var points = new NativeFloats((6L * Winograd.InputStride(64)) + 2256);
            using var products = new NativeFloats(Winograd.ProductFloats + 256);
            using var weights = new NativeFloats(36L * 8 * 64);
            for (int i = 0; i < 16; i++)
                table[i] = rows.Pointer + (i * layout.RowStride);
            double vectors = tiles / 16.0 * channels;
            Console.WriteLine($"{channels} x {width}");
            Report("transform in, per vector and channel", ghz, vectors, () => Vector512Kernels.TransformInput(t, layout, 0, tiles, points.Pointer, Winograd.InputStride(channels)));
            Report("transform in, V small", ghz, vectors, () => Vector512Kernels.TransformInput(t, layout, 0, tiles, points.Pointer, 0));
            for (int i = 0; i < 6; i++) table[i] = rows.Pointer;
            Report("transform in, one row", ghz, vectors, () => Vector512Kernels.TransformInput(t, layout, 0, tiles, points.Pointer, Winograd.InputStride(channels)));
            Report("transform in, one row, V small", ghz, vectors, () => Vector512Kernels.TransformInput(t, layout, 0, tiles, points.Pointer, 0));
            for (int i = 0; i < 16; i++)
                table[i] = rows.Pointer + (i * layout.RowStride);
            Report("transform in, 16", ghz, 1*channels, () => Vector512Kernels.TransformInput(t, layout, 0, 16, points.Pointer, Winograd.InputStride(channels)));
            Report("multiply, per vector and 8 outputs and input", ghz, vectors, () => Vector512Kernels.MultiplyPoints(points.Pointer, channels, weights.Pointer, products.Pointer, tiles));
            Report("transform out, per vector and channel", ghz, tiles / 16.0 * 8, () => Vector512Kernels.TransformOutput(products.Pointer, layout, t + 6, 0, 0, tiles, new(Border.Reflect)));
            Report("layer norm, per vector", ghz, layout.ChannelStride / 16.0 * channels, () => Vector512Kernels.LayerNorm(t[0], t[1], layout, layout.ChannelStride, weights.Pointer, weights.Pointer));
            Report("gate, per vector", ghz, layout.ChannelStride / 16.0 * channels, () => Vector512Kernels.GroupedGate(t, t + 3, layout, layout.Line, weights.Pointer, t[7]));
            Report("halo, per channel", ghz, channels, () => HaloPixels.WriteRow(t[0], layout, Border.Reflect));
        }
        return 0;
    }

    private static void Report(string name, double ghz, double units, Action action)
    {
        double best = double.MaxValue;
        for (int i = 0; i < 300; i++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int n = 0; n < 20; n++)
                action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / 20);
        }
        Console.WriteLine($"  {name}: {best * ghz * 1e9 / units:f1} cycles");
    }
}
