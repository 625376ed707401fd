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

    public WarmUpPhase(TrainingContext context, int index)
        : base(context, index) => _loss = new TargetLoss(Pictures, Options.Loss);

    /// <inheritdoc/>
    public override void Begin() => Networks.Fuser.BeginPhase();

    /// <inheritdoc/>
    protected override LossTerms Train(int step, Tensor infrared, Tensor visible)
    {
        Trainee<UFuserModule> fuser = Networks.Fuser;
        fuser.Module.UpLeak = RateSchedule.LeakAt(Options, step);
        fuser.ClearGradients();
        LossTerms terms = new();
        Tensor loss = _loss.Of(fuser.Module.call(infrared, visible), Picture(Patches.Target), terms);
        loss.backward();
        terms.Total = loss.item<float>();
        terms.Add("gradient", fuser.Step(RateSchedule.RateAt(Options, step), Options.Clip, Options.Average));
        return terms;
    }
}
