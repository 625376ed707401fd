using EmmaStream.Cli.Models;
using EmmaStream.Cli.Options;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Classical;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Reduced;
using EmmaStream.Fusion.Weights;

namespace EmmaStream.Cli.Fusers;

/// <summary>The one place that chooses the method and its engine.</summary>
internal static class FuserFactory
{
    /// <summary>Makes the fuser that the options ask for; the caller disposes it.</summary>
    /// <exception cref="Fault">Its weights, library or device cannot be had.</exception>
    public static IFuser Create(FusionOptions options) => options.Fuser switch
    {
        FuserKind.Average => new AverageFuser(),
        FuserKind.Max => new MaximumFuser(),
        FuserKind.Laplacian => new LaplacianFuser(),
        _ => CreateEmma(options),
    };

    private static IFuser CreateEmma(FusionOptions options)
    {
        EngineKind engine = options.Engine != EngineKind.Auto ? options.Engine : WantsTorch(options.Device) ? EngineKind.Torch : EngineKind.Cpu;
        if (engine == EngineKind.Cpu && options.Device.StartsWith("cuda", StringComparison.Ordinal))
            throw Fault.Usage($"--device {options.Device}: the cpu engine computes on the processor. Give --engine torch, or leave --device out");
        string path = options.Model is { } model ? ModelLibrary.Resolve(model) : ModelLibrary.ResolveDefault();
        WeightSet weights = WeightFile.Load(path);
        UFuserSchema.Check(weights);
        int threads = options.Threads ?? Environment.ProcessorCount;
        return engine == EngineKind.Torch
            ? new ReducedSizeFuser(TorchEngine.Create(weights, options.Device, threads))
            : new EmmaCpuFuser(weights, new EmmaCpuOptions { Threads = threads });
    }

    // A CUDA device is worth loading libtorch for; the processor is served better without it.
    private static bool WantsTorch(string device) => device.StartsWith("cuda", StringComparison.Ordinal) || (device == "auto" && TorchEngine.HasCuda);
}
