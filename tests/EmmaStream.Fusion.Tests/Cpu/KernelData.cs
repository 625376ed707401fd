using System.Runtime.InteropServices;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Tests.Cpu;

/// <summary>Seeded memory for kernels to work on, and what they left, by name.</summary>
internal sealed unsafe class KernelData : IDisposable
{
    private readonly NativeFloats _memory;
    private readonly void** _tables = (void**)NativeMemory.Alloc(12, (nuint)sizeof(void*));
    private readonly Dictionary<string, float[]> _kept = [];

    public KernelData(PhaseLayout layout, int seed)
    {
        long row = layout.RowStride + PhaseLayout.Slack;
        long points = (6L * Winograd.InputStride(layout.Channels)) + PhaseLayout.Slack;
        const int WeightCount = 36 * 32 * 8;
        _memory = new NativeFloats((10 * row) + points + Winograd.ProductFloats + PhaseLayout.Slack + WeightCount + 512 + 640);
        for (int i = 0; i < 10; i++)
            _tables[i] = _memory.Carve(row);
        Points = _memory.Carve(points);
        Products = _memory.Carve(Winograd.ProductFloats + PhaseLayout.Slack);
        Weights = _memory.Carve(WeightCount);
        Sums = (double*)_memory.Carve(512);
        var random = new Random(seed);
        for (int i = 0; i < 6; i++)
            for (int n = 0; n < row; n++)
                Rows[i][n] = (float)(random.NextDouble() - 0.5);
        for (int n = 0; n < WeightCount; n++)
            Weights[n] = (float)(random.NextDouble() - 0.5) / 4;
    }

    public float** Rows => (float**)_tables;

    public float** Outputs => Rows + 6;

    public float* Points { get; }

    public float* Products { get; }

    public float* Weights { get; }

    public double* Sums { get; }

    public void Keep(string name, float* values, int width) => _kept.Add(name, new ReadOnlySpan<float>(values, width).ToArray());

    /// <summary>The pixels -1 to W of some channels: the halo where the kernel writes it, else what lies there.</summary>
    public void KeepRow(string name, float* row, PhaseLayout layout, int channel, int channels = 8)
    {
        bool halo = name == "convolved" && layout.Line <= 96;
        int pixels = Math.Min(layout.Width, 4 * 96);
        List<float> values = [];
        for (int c = channel; c < channel + channels; c++)
            for (int x = halo ? -1 : 0; x < pixels + (halo ? 1 : 0); x++)
                values.Add(row[(c * layout.ChannelStride) + layout.Pixel(x)]);
        _kept.Add(name, [.. values]);
    }

    public void KeepSums(PhaseLayout layout)
    {
        int c = layout.Channels / 8;
        _kept.Add("sums", [.. Enumerable.Range(0, 8 * ((c * c) + (2 * c))).Select(n => (float)Sums[n])]);
    }

    public void AssertNear(KernelData actual, string kernels, float tolerance)
    {
        foreach ((string name, float[] values) in _kept)
        {
            float largest = values.Max(MathF.Abs);
            for (int n = 0; n < values.Length; n++)
                Assert.True(MathF.Abs(values[n] - actual._kept[name][n]) <= tolerance * MathF.Max(largest, 1), $"{kernels} {name}[{n}] is {actual._kept[name][n]}, defined {values[n]}");
        }
    }

    public void Dispose()
    {
        _memory.Dispose();
        NativeMemory.Free(_tables);
    }
}
