using EmmaStream.Cli.Fusers;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Fusion;

namespace EmmaStream.Cli.Benching;

/// <summary>How EMMA's network is computed in a bench.</summary>
internal enum BenchEngine
{
    /// <summary>What <c>fuse</c> would take here.</summary>
    Auto,

    /// <summary>Our own engine on the processor.</summary>
    Cpu,

    /// <summary>libtorch with merged weights: the processor, or CUDA.</summary>
    Torch,

    /// <summary>libtorch on the processor, operation by operation as published: what the others are compared with.</summary>
    OpByOp,
}

/// <summary>A fuser to measure. Equal ones are made once and serve all their cases.</summary>
/// <param name="Kind">The method.</param>
/// <param name="Engine">EMMA's engine, never auto; null for the other methods.</param>
/// <param name="Threads">Processor threads of EMMA's network; null for the other methods and on CUDA.</param>
/// <param name="Model">EMMA's weights; null: the default ones.</param>
internal sealed record BenchFuser(FuserKind Kind, BenchEngine? Engine = null, int? Threads = null, string? Model = null)
{
    /// <summary>Engine or method, as on the command line.</summary>
    public string Name => Engine is { } engine ? ReportJson.NameOf(engine) : ReportJson.NameOf(Kind);

    /// <summary>Whether scales and batches mean something to it: libtorch gains nothing by either on the processor, and is measured without.</summary>
    public bool TakesScales => Engine == BenchEngine.Cpu || (Engine == BenchEngine.Torch && Threads is null);

    /// <summary>EMMA by an engine and a number of threads, as this machine would run it.</summary>
    public static BenchFuser Emma(BenchEngine engine, int threads, string? model)
    {
        BenchEngine chosen = engine != BenchEngine.Auto ? engine : TorchEngine.HasCuda ? BenchEngine.Torch : BenchEngine.Cpu;
        return new(FuserKind.Emma, chosen, chosen == BenchEngine.Torch && TorchEngine.HasCuda ? null : threads, model);
    }

    /// <summary>Makes it; the caller disposes it.</summary>
    /// <exception cref="Core.Faults.Fault">Its weights or library cannot be had.</exception>
    public IFuser Create()
    {
        FusionOptions options = new() { Fuser = Kind, Model = Model, Threads = Threads, Engine = Engine == BenchEngine.Cpu ? EngineKind.Cpu : EngineKind.Torch };
        return Engine == BenchEngine.OpByOp ? FuserFactory.CreateAsPublished(options) : FuserFactory.Create(options);
    }
}
