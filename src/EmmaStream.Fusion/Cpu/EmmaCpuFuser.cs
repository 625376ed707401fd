using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Network;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;

namespace EmmaStream.Fusion.Cpu;

/// <summary>
/// EMMA's U-Fuser on the CPU in managed SIMD: no native dependency, float32, within 2e-6 of the published network. The widest instruction
/// set is chosen once, at start. It owns its threads and all working memory; nothing is allocated per frame once a size has been seen.
/// </summary>
/// <remarks>
/// Results are equal to the last bit whatever the number of threads and however pairs are batched. Sizes that are no multiple of 8 are
/// reflected on the right and below up to one, and cropped. Different instruction sets differ by less than 1e-6.
/// </remarks>
public sealed class EmmaCpuFuser : IFuser
{
    private readonly CpuEngine _engine;
    private readonly int _threads;

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
        _threads = options.Threads;
        _engine = CpuEngine.Create(new UFuserFilters(new MergedWeights(weights)), options);
    }

    /// <inheritdoc/>
    public string Name => $"emma (cpu, {_engine.Kernels}, {_threads} {(_threads == 1 ? "thread" : "threads")})";

    /// <inheritdoc/>
    public int SmallestSide => UFuserSchema.SmallestSize;

    /// <summary>The engine, for tests and benches: activations, times of layers.</summary>
    internal CpuEngine Engine => _engine;

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<FusionJob> jobs)
    {
        foreach (ref readonly FusionJob job in jobs)
            Check(job);
        _engine.Fuse(jobs);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private static void Check(in FusionJob job)
    {
        (int width, int height) = (job.Infrared.Width, job.Infrared.Height);
        if (job.Visible.Width != width || job.Visible.Height != height || job.Fused.Width != width || job.Fused.Height != height)
            throw new Fault(FaultKind.Fusion, $"the infrared is {width}x{height}, the visible {job.Visible.Width}x{job.Visible.Height}, the result {job.Fused.Width}x{job.Fused.Height}. Bring them to one size");
        if (Math.Min(width, height) < UFuserSchema.SmallestSize)
            throw new Fault(FaultKind.Fusion, $"a {width}x{height} picture is too small: EMMA takes {UFuserSchema.SmallestSize}x{UFuserSchema.SmallestSize} and more. Fuse at a larger size");
    }
}
