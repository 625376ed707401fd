using EmmaStream.Torch;
using EmmaStream.Torch.Network;
using EmmaStream.Torch.Sensing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Losses;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Optimization;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Phases;

/// <summary>
/// The U-Fuser with EMMA's loss through the frozen sensing networks; with an anchor to the target where asked for, and with sensing networks
/// that follow the fuser by a step of their own now and then.
/// </summary>
internal sealed class EmmaPhase : Phase
{
    private readonly EmmaLoss _loss;
    private readonly TargetLoss _anchor;
    private readonly ActivityPenalty _activity;
    private readonly ExampleMaker _examples;
    private readonly float[] _own, _fused;

    public EmmaPhase(TrainingContext context, int index)
        : base(context, index)
    {
        _loss = new EmmaLoss(Pictures, Networks.InfraredSensing.Module, Networks.VisibleSensing.Module, Options.Loss);
        _anchor = new TargetLoss(Pictures, Options.Loss);
        _activity = new ActivityPenalty(Options.Loss.Activity);
        _examples = new ExampleMaker(context.Options.Sensing);
        _own = new float[Patches.Infrared.Length];
        _fused = new float[Patches.Infrared.Length];
    }

    /// <inheritdoc/>
    public override void Begin()
    {
        Networks.Fuser.BeginPhase();
        Networks.InfraredSensing.BeginPhase();
        Networks.VisibleSensing.BeginPhase();
    }

    /// <inheritdoc/>
    protected override LossTerms Train(int step, Tensor infrared, Tensor visible)
    {
        Trainee<UFuserModule> fuser = Networks.Fuser;
        fuser.Module.UpLeak = RateSchedule.LeakAt(Options, step);
        Freeze(Networks.InfraredSensing);
        Freeze(Networks.VisibleSensing);
        fuser.ClearGradients();
        LossTerms terms = new();
        (Tensor fused, Tensor? penalty) = Fuse(_activity, Draw(step, 3), infrared, visible, terms);
        Tensor loss = _loss.Of(fuser.Module, fused, infrared, visible, Transforms(step), terms);
        double anchor = RateSchedule.Between(Options.Loss.Anchor, Options.Loss.AnchorAtEnd, step, Options.Steps);
        if (anchor > 0)
            loss = loss.Plus(_anchor.Of(fused, Picture(Patches.Target), infrared, visible, terms).Times(anchor));
        if (penalty is not null)
            loss = loss.Plus(penalty);
        loss.backward();
        terms.Total = loss.item<float>();
        terms.Add("gradient", fuser.Step(RateSchedule.RateAt(Options, step), Options.Clip, Options.Average));
        if (Options.Loss.Refresh > 0 && step % Options.Loss.Refresh == 0)
            Refresh(step, fused, infrared, visible, terms);
        return terms;
    }

    private static void Freeze(Trainee<SensingNetwork> network)
    {
        network.IsFrozen = true;
        network.Module.eval();
    }

    private IReadOnlyList<PictureTransform> Transforms(int step)
    {
        LossOptions loss = Options.Loss;
        if (loss.Equivariance == 0 || step < loss.EquivarianceFrom * Options.Steps)
            return [];
        Random random = Draw(step, 1);
        return loss.TransformsPerStep == 0
            ? TransformDraw.Published(loss.Transforms, Options.Patch, random)
            : TransformDraw.Some(loss.Transforms, loss.TransformsPerStep, Options.Patch, random);
    }

    /// <summary>Both sensing networks follow: in turns on what the fuser has just made and on the maker's examples.</summary>
    private void Refresh(int step, Tensor fused, Tensor infrared, Tensor visible, LossTerms terms)
    {
        Tensor pictures;
        using (Tensor own = fused.detach().cpu())
        {
            own.data<float>().CopyTo(_own);
            bool usesMaker = step / Options.Loss.Refresh % 2 == 1;
            if (usesMaker)
                _examples.Fill(Patches, _own, _fused, Draw(step, 2));
            pictures = Picture(usesMaker ? _fused : _own);
        }
        SensingPhase.Learn("refresh_ir_mse", Networks.InfraredSensing, pictures, infrared, Options.Loss.RefreshRate, 1, terms);
        SensingPhase.Learn("refresh_vi_mse", Networks.VisibleSensing, pictures, visible, Options.Loss.RefreshRate, 1, terms);
    }
}
