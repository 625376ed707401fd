using EmmaStream.Cli.Fusers;
using EmmaStream.Cli.Options;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;

namespace EmmaStream.Cli.Benching;

/// <summary>One row of the fusers' table.</summary>
/// <param name="Fuser">Method and engine.</param>
/// <param name="Size">Picture size.</param>
/// <param name="Scale">Size at which the network ran.</param>
/// <param name="Batch">Pairs a call.</param>
/// <param name="MedianMs">Median time a pair, ms.</param>
/// <param name="P95Ms">95th percentile, ms.</param>
/// <param name="FramesPerSecond">1000 / median.</param>
/// <param name="AllocatedBytes">Managed memory allocated a pair.</param>
internal sealed record FuserRow(string Fuser, string Size, string Scale, int Batch, double MedianMs, double P95Ms, double FramesPerSecond, long AllocatedBytes);

/// <summary>Times fusers against each other in one run, in turn, on pictures of structure and noise.</summary>
internal sealed class FuserBench : IDisposable
{
    private readonly LumaBuffer[] _buffers;
    private readonly FusionJob[] _jobs;

    private FuserBench(FrameSize size, int batch, FusionScale scale)
    {
        _buffers = [.. Enumerable.Range(0, 3 * batch).Select(_ => new LumaBuffer())];
        _jobs = [.. Enumerable.Range(0, batch).Select(i => new FusionJob(
            Paint(_buffers[3 * i], size, 3 * i), Paint(_buffers[3 * i + 1], size, 3 * i + 1), _buffers[3 * i + 2].Plane(size.Width, size.Height), scale))];
    }

    /// <summary>Measures every candidate at one size.</summary>
    /// <param name="candidates">What to measure; all in turn, round by round.</param>
    /// <param name="size">Picture size.</param>
    /// <param name="batch">Pairs a call.</param>
    /// <param name="seconds">How long, for all together.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<IReadOnlyList<FuserRow>> MeasureAsync(
        IReadOnlyList<FusionOptions> candidates, FrameSize size, int batch, double seconds, TimeProvider clock, CancellationToken cancellationToken)
    {
        List<IFuser> fusers = [];
        try
        {
            fusers.AddRange(candidates.Select(c => FuserFactory.Create(c)));
            using FuserBench bench = new(size, batch, candidates[0].Scale);
            Samples[] samples = [.. fusers.Select(_ => new Samples())];
            long[] allocated = new long[fusers.Count];
            fusers.ForEach(f => f.Fuse(bench._jobs));
            int rounds = 0;
            for (long start = clock.GetTimestamp(); rounds < 3 || clock.GetElapsedTime(start).TotalSeconds < seconds; rounds++)
            {
                for (int i = 0; i < fusers.Count; i++)
                {
                    // A thread pool that still spins would be charged to the next engine.
                    await Task.Delay(TimeSpan.FromMilliseconds(25), clock, cancellationToken).ConfigureAwait(false);
                    long before = GC.GetTotalAllocatedBytes(), begin = clock.GetTimestamp();
                    fusers[i].Fuse(bench._jobs);
                    samples[i].Add(clock.GetElapsedTime(begin) / batch);
                    allocated[i] += GC.GetTotalAllocatedBytes() - before;
                }
            }
            return [.. fusers.Select((f, i) => new FuserRow(
                f.Name, size.ToString(), FusionScales.Format(candidates[i].Scale), batch, Math.Round(samples[i].Median, 3), Math.Round(samples[i].P95, 3),
                Math.Round(1000 / samples[i].Median, 1), allocated[i] / (rounds * batch)))];
        }
        finally
        {
            fusers.ForEach(f => f.Dispose());
        }
    }

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
