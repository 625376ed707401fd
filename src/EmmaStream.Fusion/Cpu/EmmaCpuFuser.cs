using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Network;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Reduced;
using EmmaStream.Fusion.Weights;

namespace EmmaStream.Fusion.Cpu;

/// <summary>
/// EMMA's U-Fuser on the CPU in managed SIMD: no native dependency, float32, within 2e-6 of the published network. The widest instruction
/// set is chosen once, at start. It owns its threads and all working memory; nothing is allocated per frame once a size has been seen.
/// </summary>
/// <remarks>
/// Results are equal to the last bit whatever the number of threads and however pairs are batched. Sizes that are no multiple of 8 are
/// reflected on the right and below up to one, and cropped. Different instruction sets differ by less than 1e-6. Jobs at
/// a half or a quarter of the size go through <see cref="ReducedSizeFuser"/>'s method.
/// </remarks>
public sealed class EmmaCpuFuser : IFuser
{
    private readonly CpuEngine _engine;
    private readonly ReducedSizeFusion _reduced = new();

    /// <summary>Checks and packs the weights; takes some ten milliseconds.</summary>
    /// <param name="weights">The U-Fuser's 347 tensors.</param>
    /// <param name="options">Threads and memory; the defaults if absent.</param>
    /// <exception cref="Fault">The weights are not the U-Fuser's, hold NaN or infinity, or an option is out of range.</exception>
    public EmmaCpuFuser(WeightSet weights, EmmaCpuOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        options ??= new EmmaCpuOptions();
        if (options.Threads is < 1 or > 256)
            throw Fault.Usage($"threads is {options.Threads}; allowed are 1 to 256");
        if (options.MemoryBudgetBytes < 1 << 20)
            throw Fault.Usage($"the memory budget is {options.MemoryBudgetBytes} bytes; give at least 1 MiB");
        _engine = CpuEngine.Create(new UFuserFilters(new MergedWeights(weights)), options);
        Name = $"emma (cpu, {_engine.Kernels}, {Counted.Of(options.Threads, "thread")})";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int SmallestSide => UFuserSchema.SmallestSize;

    /// <summary>The engine, for tests: activations.</summary>
    internal CpuEngine Engine => _engine;

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        if (ReducedSizeFusion.Concerns(jobs))
        {
            _reduced.Fuse(jobs, this);
            return;
        }
        foreach (ref readonly FusionJob job in jobs)
            FusionJobs.Check(job, Name, SmallestSide);
        _engine.Fuse(jobs);
    }

    /// <summary>
    /// Tells of every part of the network that has been computed, by its name in the weights, on the thread that fuses; for tables of times. Blocks
    /// that work in two sweeps are told of twice. With several threads, parts that are computed together are told of together; pairs of a batch that
    /// are fused one per thread are not told of.
    /// </summary>
    /// <param name="computed">Gets the name; null: nobody is told, which costs a null check for each part.</param>
    public void WatchLayers(Action<string>? computed) => _engine.Time(computed);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reduced.Dispose();
        _engine.Dispose();
    }
}
