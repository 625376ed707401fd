using EmmaStream.Torch;
using EmmaStream.Torch.Network;
using EmmaStream.Training.Losses;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Phases;

/// <summary>The U-Fuser learns to make the target picture: a start from which EMMA's own loss needs few steps.</summary>
internal sealed class WarmUpPhase : Phase
{
    private readonly TargetLoss _loss;
    private readonly ActivityPenalty _activity;

    public WarmUpPhase(TrainingContext context, int index)
        : base(context, index)
    {
        _loss = new TargetLoss(Pictures, Options.Loss);
        _activity = new ActivityPenalty(Options.Loss.Activity);
    }

    /// <inheritdoc/>
    public override void Begin() => Networks.Fuser.BeginPhase();

    /// <inheritdoc/>
    protected override LossTerms Train(int step, Tensor infrared, Tensor visible)
    {
        Trainee<UFuserModule> fuser = Networks.Fuser;
        fuser.Module.UpLeak = RateSchedule.LeakAt(Options, step);
        fuser.ClearGradients();
        LossTerms terms = new();
        fuser.Module.HiddenLevels = HiddenLevels(Draw(step, 1));
        (Tensor fused, Tensor? penalty) = _activity.Fuse(fuser.Module, infrared, visible, terms);
        fuser.Module.HiddenLevels = [];
        Tensor loss = _loss.Of(fused, Picture(Patches.Target), terms);
        if (penalty is not null)
            loss = loss.Plus(penalty);
        loss.backward();
        terms.Total = loss.item<float>();
        terms.Add("gradient", fuser.Step(RateSchedule.RateAt(Options, step), Options.Clip, Options.Average));
        return terms;
    }

    /// <summary>Level 1 is never hidden: without it no picture is sharp.</summary>
    private int[] HiddenLevels(Random random) => random.NextDouble() >= Options.Hide ? [] : random.Next(3) switch
    {
        0 => [2],
        1 => [3],
        _ => [2, 3],
    };
}
