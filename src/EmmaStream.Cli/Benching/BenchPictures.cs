using EmmaStream.Core.Frames;
using EmmaStream.Fusion;

namespace EmmaStream.Cli.Benching;

/// <summary>Pairs of structure and noise in memory, and room for what is fused of them.</summary>
internal sealed class BenchPictures : IDisposable
{
    private readonly LumaBuffer[] _buffers;

    public BenchPictures(FrameSize size, FusionScale scale = FusionScale.Full, int pairs = 1)
    {
        _buffers = [.. Enumerable.Range(0, 3 * pairs).Select(_ => new LumaBuffer())];
        Jobs = [.. Enumerable.Range(0, pairs).Select(i => new FusionJob(
            Paint(_buffers[3 * i], size, 3 * i), Paint(_buffers[3 * i + 1], size, 3 * i + 1), _buffers[3 * i + 2].Plane(size.Width, size.Height), scale))];
    }

    public FusionJob[] Jobs { get; }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_buffers, b => b.Dispose());

    private static LumaPlane Paint(LumaBuffer buffer, FrameSize size, int seed)
    {
        LumaPlane plane = buffer.Plane(size.Width, size.Height);
        Random random = new(seed);
        for (int y = 0; y < size.Height; y++)
        {
            Span<float> row = plane.Row(y);
            for (int x = 0; x < row.Length; x++)
                row[x] = 0.5f + 0.3f * MathF.Sin((x + seed * 7) * 0.05f) * MathF.Cos(y * 0.04f) + 0.1f * (random.NextSingle() - 0.5f);
        }
        return plane;
    }
}
