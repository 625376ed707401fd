using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>Everything that one thread works with at one picture size.</summary>
internal sealed unsafe class Worker<TKernels> : IDisposable
    where TKernels : struct, IKernels
{
    private readonly NativeFloats _memory;

    public Worker(NetworkLayouts layouts, float* zeroRow)
    {
        _memory = new NativeFloats(Floats(layouts));
        Bench = new Workbench(_memory, layouts.LargestRow);
        Sweeps = [.. layouts.Levels.Select(layout => new BlockSweep<TKernels>(Bench, layout, _memory, zeroRow))];
    }

    public Workbench Bench { get; }

    /// <summary>By level, 1 first.</summary>
    public IReadOnlyList<BlockSweep<TKernels>> Sweeps { get; }

    /// <summary>Memory that a worker takes, in floats.</summary>
    public static long Floats(NetworkLayouts layouts)
        => Workbench.Floats(layouts.LargestRow) + layouts.Levels.Sum(layout => BlockSweep<TKernels>.Floats(layout));

    public void Dispose()
    {
        foreach (BlockSweep<TKernels> sweep in Sweeps)
            sweep.Dispose();
        _memory.Dispose();
    }
}
