using EmmaStream.Torch.Devices;
using EmmaStream.Torch.Sensing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Phases;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Benchmarks.Training;

/// <summary>One sensing network: a step of its own, and what it costs frozen within a step of the fuser.</summary>
internal static class SensingSteps
{
    private const int WidestOnLargePatches = 32;

    public static void Print(StepSettings settings, PatchSampler sampler)
    {
        Device device = DeviceChoice.Parse(settings.Device).Resolve();
        PatchShape[] shapes = [.. settings.SensingShapes];
        SomePatches[] patches = [.. shapes.Select(shape => new SomePatches(shape, sampler, device))];
        Trainee<SensingNetwork>[] networks = [.. new[] { 8, 16, 32, 64 }.Select(width => new Trainee<SensingNetwork>(new SensingNetwork(width).to(device)))];
        StepTable table = new("One sensing network: a training step / frozen, forward and backward to its input", "{0} / {1}");
        foreach (int? threads in settings.Threads)
        {
            foreach (Trainee<SensingNetwork> network in networks)
            {
                for (int at = 0; at < shapes.Length; at++)
                {
                    if (shapes[at].Side > 64 && network.Module.Width > WidestOnLargePatches)
                        continue;
                    SomePatches picture = patches[at];
                    TimedStep learning = new(settings, threads, _ => SensingPhase.Learn("mse", network, picture.Fused, picture.Infrared, 1e-6, 1, new()));
                    TimedStep frozen = new(settings, threads, _ => BackToInput(network, picture.Fused));
                    table.Add(settings.Row($"width {network.Module.Width}", threads), shapes[at].ToString(), learning, frozen);
                }
            }
        }
        table.Print(settings.Rounds);
        foreach (IDisposable used in networks.Concat<IDisposable>(patches))
            used.Dispose();
    }

    private static void BackToInput(Trainee<SensingNetwork> network, Tensor fused)
    {
        using DisposeScope scope = NewDisposeScope();
        network.IsFrozen = true;
        network.Module.eval();
        Tensor input = fused.clone().requires_grad_();
        network.Module.call(input).mean().backward();
    }
}
