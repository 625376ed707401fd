using EmmaStream.Torch.Network;
using EmmaStream.Training.Data;
using EmmaStream.Training.Losses;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Phases;

/// <summary>One phase under way: what it trains, and one step of it.</summary>
internal abstract class Phase : IDisposable
{
    private readonly PatchSampler _sampler;
    private readonly int _seed;

    /// <param name="context">Networks, data and options of the run.</param>
    /// <param name="index">The phase's number in the configuration, from 0.</param>
    protected Phase(TrainingContext context, int index)
    {
        Networks = context.Networks;
        Options = context.Options.Phases[index];
        Index = index;
        _seed = context.Options.Seed;
        _sampler = context.Sampler;
        Patches = new PatchBatch(Options.Batch, Options.Patch);
        Pictures = new PictureLoss(Networks.Device);
    }

    /// <summary>Makes the phase that the configuration names at <paramref name="index"/>.</summary>
    public static Phase Create(TrainingContext context, int index) => context.Options.Phases[index].Kind switch
    {
        PhaseKind.WarmUp => new WarmUpPhase(context, index),
        PhaseKind.Sensing => new SensingPhase(context, index),
        _ => new EmmaPhase(context, index),
    };

    /// <summary>Its options.</summary>
    public PhaseOptions Options { get; }

    /// <summary>Its number, from 0.</summary>
    protected int Index { get; }

    protected NetworkSet Networks { get; }

    protected PatchBatch Patches { get; }

    protected PictureLoss Pictures { get; }

    /// <summary>Called once before its first step, not when a run resumes within it.</summary>
    public abstract void Begin();

    /// <summary>One step of the optimiser on a fresh batch.</summary>
    /// <param name="step">From 0.</param>
    /// <exception cref="EmmaStream.Core.Faults.Fault">A loss or gradient is not a number.</exception>
    public LossTerms Step(int step)
    {
        using DisposeScope scope = NewDisposeScope();
        _sampler.Fill(Patches, Draw(step, 0));
        return Train(step, Picture(Patches.Infrared), Picture(Patches.Visible));
    }

    /// <inheritdoc/>
    public virtual void Dispose() => Pictures.Dispose();

    /// <summary>The step itself, in a scope of its own.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="infrared">[N, 1, S, S].</param>
    /// <param name="visible">The same places.</param>
    protected abstract LossTerms Train(int step, Tensor infrared, Tensor visible);

    /// <summary>The step's random numbers for one purpose.</summary>
    protected Random Draw(int step, int purpose) => StepRandom.Of(_seed, Index, step, purpose);

    /// <summary>
    /// Fuses the batch, in a share of the steps with levels hidden from the decoder (<see cref="PhaseOptions.Hide"/>): level 2, level 3 or both.
    /// Level 1 is never hidden: without it no picture is sharp.
    /// </summary>
    protected (Tensor Fused, Tensor? Penalty) Fuse(ActivityPenalty activity, Random random, Tensor infrared, Tensor visible, LossTerms terms)
    {
        UFuserModule fuser = Networks.Fuser.Module;
        fuser.HiddenLevels = random.NextDouble() >= Options.Hide ? [] : random.Next(3) switch
        {
            0 => [2],
            1 => [3],
            _ => [2, 3],
        };
        (Tensor, Tensor?) result = activity.Fuse(fuser, infrared, visible, terms);
        fuser.HiddenLevels = [];
        return result;
    }

    /// <summary>Patches as a tensor on the device.</summary>
    protected Tensor Picture(float[] samples) => tensor(samples, [Patches.Count, 1, Patches.Side, Patches.Side], device: Networks.Device);
}
