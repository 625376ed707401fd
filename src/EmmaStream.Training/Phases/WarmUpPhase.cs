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
        (Tensor fused, Tensor? penalty) = Fuse(_activity, Draw(step, 1), infrared, visible, terms);
        Tensor loss = _loss.Of(fused, Picture(Patches.Target), infrared, visible, terms);
        if (penalty is not null)
            loss = loss.Plus(penalty);
        loss.backward();
        terms.Total = loss.item<float>();
        terms.Add("gradient", fuser.Step(RateSchedule.RateAt(Options, step), Options.Clip, Options.Average));
        return terms;
    }
}
