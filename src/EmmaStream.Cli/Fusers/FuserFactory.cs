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

    /// <summary>EMMA on libtorch on the processor, operation by operation as published: what benches compare with.</summary>
    /// <exception cref="Fault">Its weights or libtorch cannot be had.</exception>
    public static IFuser CreateAsPublished(FusionOptions options) =>
        TorchEngine.Create(LoadWeights(options), "cpu", options.Threads ?? Environment.ProcessorCount, asPublished: true);

    /// <summary>The file of EMMA's weights.</summary>
    /// <param name="model">A path or a name; null: the default model.</param>
    /// <exception cref="Fault">There is none.</exception>
    public static string WeightsFile(string? model) => model is null ? ModelLibrary.ResolveDefault() : ModelLibrary.Resolve(model);

    private static IFuser CreateEmma(FusionOptions options)
    {
        EngineKind engine = options.Engine != EngineKind.Auto ? options.Engine : WantsTorch(options.Device) ? EngineKind.Torch : EngineKind.Cpu;
        if (engine == EngineKind.Cpu && options.Device.StartsWith("cuda", StringComparison.Ordinal))
            throw Fault.Usage($"--device {options.Device}: the cpu engine computes on the processor. Give --engine torch, or leave --device out");
        WeightSet weights = LoadWeights(options);
        int threads = options.Threads ?? Environment.ProcessorCount;
        return engine == EngineKind.Torch
            ? new ReducedSizeFuser(TorchEngine.Create(weights, options.Device, threads))
            : new EmmaCpuFuser(weights, new EmmaCpuOptions { Threads = threads });
    }

    private static WeightSet LoadWeights(FusionOptions options)
    {
        WeightSet weights = WeightFile.Load(WeightsFile(options.Model));
        UFuserSchema.Check(weights);
        return weights;
    }

    // A CUDA device is worth loading libtorch for; the processor is served better without it.
    private static bool WantsTorch(string device) => device.StartsWith("cuda", StringComparison.Ordinal) || (device == "auto" && TorchEngine.HasCuda);
}
