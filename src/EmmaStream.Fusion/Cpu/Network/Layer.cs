using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>A part of the network bound to its feature maps. It runs in steps; a step can be parted into bands that know nothing of each other.</summary>
/// <param name="name">As in the weights file.</param>
internal abstract class Layer<TKernels>(string name)
    where TKernels : struct, IKernels
{
    public string Name { get; } = name;

    /// <summary>How many steps follow each other.</summary>
    public virtual int Steps => 1;

    /// <summary>Strips or rows of a step, to be parted into bands.</summary>
    public abstract int Length(int step);

    /// <summary>The fewest strips or rows that are worth a band.</summary>
    public virtual int ShortestBand => 4;

    /// <summary>Runs strips or rows <paramref name="first"/> to <paramref name="end"/> - 1 of a step.</summary>
    public abstract void Run(int step, int first, int end, Worker<TKernels> worker);

    /// <summary>Follows the last band of a step, on one thread.</summary>
    public virtual void Finish(int step)
    {
    }

    /// <summary>Shows the result of the last step to a probe.</summary>
    public virtual void Show(ActivationProbe? probe, int step)
    {
    }
}

/// <summary>A block; at levels 2 to 4 a first step observes the frame for its attention.</summary>
internal sealed class BlockLayer<TKernels>(BlockPass pass, int level) : Layer<TKernels>(pass.Name)
    where TKernels : struct, IKernels
{
    /// <summary>Works on this block's output row by row, if set.</summary>
    public FollowingLayer<TKernels>? Follower { get; set; }

    private bool ObservesFirst => pass.Embedded is not null;

    public override int Steps => ObservesFirst ? 2 : 1;

    // A folded map is swept whole: the last vector of a band would write into the strips of the next one.
    public override int ShortestBand => pass.Output.Layout.IsFolded ? int.MaxValue : 6;

    public override int Length(int step) => Observes(step)
        ? BlockSweep<TKernels>.ObservedStrips(pass.Output.Layout)
        : BlockSweep<TKernels>.Strips(pass.Output.Layout);

    public override void Run(int step, int first, int end, Worker<TKernels> worker)
    {
        BlockSweep<TKernels> sweep = worker.Sweeps[level - 1];
        if (Observes(step))
            sweep.Observe(pass, first, end);
        else
            sweep.Run(pass, first, end, Follower, worker);
    }

    public override void Finish(int step)
    {
        if (Observes(step))
            pass.FinishAttention();
    }

    public override void Show(ActivationProbe? probe, int step)
    {
        if (step == Steps - 1)
            probe?.Rows(Name, pass.Output, 0, pass.Output.Layout.Height);
    }

    private bool Observes(int step) => ObservesFirst && step == 0;
}
