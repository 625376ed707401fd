using EmmaStream.Torch.Network;
using EmmaStream.Training.Data;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Options;
using EmmaStream.Training.Phases;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Benchmarks.Training;

/// <summary>Steps of the warm-up phase with the network as published and with merged kernels, and its forward pass alone.</summary>
internal static class FuserSteps
{
    public static void Print(StepSettings settings, PatchSampler sampler)
    {
        PatchShape[] shapes = [.. settings.FuserShapes];
        TrainingOptions options = settings.Options(sensingWidth: 1, shapes.Select(shape => shape.Phase(PhaseKind.WarmUp, new LossOptions())));
        using NetworkSet networks = new(options);
        TrainingContext context = new(options, networks, sampler);
        Phase[] phases = [.. shapes.Select((_, index) => Phase.Create(context, index))];
        SomePatches[] patches = [.. shapes.Select(shape => new SomePatches(shape, sampler, networks.Device))];
        StepTable table = new("U-Fuser: forward, backward and Adam of a warm-up step (the forward pass alone, recorded for the backward one)", "{0} ({1})");
        foreach (int? threads in settings.Threads)
        {
            foreach ((string name, bool merges) in new[] { ("op by op as published", false), ("merged", true) })
            {
                for (int at = 0; at < shapes.Length; at++)
                {
                    (Phase phase, SomePatches picture) = (phases[at], patches[at]);
                    UFuserModule fuser = networks.Fuser.Module;
                    TimedStep whole = new(settings, threads, number =>
                    {
                        fuser.MergesKernels = merges;
                        phase.Step(number);
                    });
                    TimedStep forward = new(settings, threads, _ =>
                    {
                        using DisposeScope scope = NewDisposeScope();
                        fuser.MergesKernels = merges;
                        fuser.call(picture.Infrared, picture.Visible);
                    });
                    table.Add(settings.Row(name, threads), shapes[at].ToString(), whole, forward);
                }
            }
        }
        table.Print(settings.Rounds);
        foreach (IDisposable used in phases.Concat<IDisposable>(patches))
            used.Dispose();
    }
}
