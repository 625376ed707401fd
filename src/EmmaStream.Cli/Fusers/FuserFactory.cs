using EmmaStream.Cli.Models;
using EmmaStream.Cli.Options;
using EmmaStream.Core.Faults;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Classical;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using Serilog;

namespace EmmaStream.Cli.Fusers;

/// <summary>The one place that chooses the method and its engine.</summary>
internal static class FuserFactory
{
    /// <summary>Makes the fuser that the options ask for; the caller disposes it.</summary>
    /// <exception cref="Fault">Its weights, library or device cannot be had.</exception>
    public static IFuser Create(FusionOptions options, ILogger log) => options.Fuser switch
    {
        FuserKind.Average => new AverageFuser(),
        FuserKind.Max => new MaximumFuser(),
        FuserKind.Laplacian => new AverageFuser(),
        _ => CreateEmma(options, log),
    };

    private static IFuser CreateEmma(FusionOptions options, ILogger log)
    {
        string path = options.Model is { } model ? ModelLibrary.Resolve(model) : ModelLibrary.ResolveDefault();
        WeightSet weights = WeightFile.Load(path);
        UFuserSchema.Check(weights);
        log.Debug("Weights {Path}", path);
        throw Fault.Usage("EMMA is not here yet");
    }
}
