namespace EmmaStream.Fusion.Cpu;

/// <summary>Settings of <see cref="EmmaCpuFuser"/>.</summary>
public sealed record EmmaCpuOptions
{
    /// <summary>Threads that fuse, the caller's included: at least 1; default one per processor. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Working memory at most, in bytes; default 4 GiB. One 640x480 pair takes about 100 MB, memory grows with the pixels; a size that
    /// needs more is refused.
    /// </summary>
    public long MemoryBudgetBytes { get; init; } = 4L << 30;
}
