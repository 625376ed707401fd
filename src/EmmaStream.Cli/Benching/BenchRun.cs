using EmmaStream.Cli.Fusers;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Core.Frames;

namespace EmmaStream.Cli.Benching;

/// <summary>Measures what a request asks for and prints it.</summary>
/// <param name="request">The request.</param>
/// <param name="clock">The clock.</param>
internal sealed class BenchRun(BenchRequest request, TimeProvider clock)
{
    /// <exception cref="Core.Faults.Fault">Something cannot be had, or failed.</exception>
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        BenchMachine machine = BenchMachine.ThisOne(UsesEmma ? Path.GetFileName(FuserFactory.WeightsFile(request.Model)) : null, UsesCuda);
        BenchReport report = request.PipelineFrames is not { } frames ? await MeasureFusersAsync(machine, cancellationToken).ConfigureAwait(false)
            : UsesEmma ? await MeasureEnginesAsync(machine, frames, cancellationToken).ConfigureAwait(false)
            : await MeasurePipelineAsync(machine, frames, cancellationToken).ConfigureAwait(false);
        report.Print(Console.Out, request.Format);
    }

    private bool UsesEmma => request.Fusers.Any(f => f.Kind == FuserKind.Emma);

    private bool UsesCuda => request.Fusers.Any(f => f.Engine == BenchEngine.Torch && f.Threads is null);

    private async Task<BenchReport> MeasureFusersAsync(BenchMachine machine, CancellationToken cancellationToken)
    {
        using StatusLine progress = Progress();
        BenchFuser oneThread = BenchFuser.Emma(BenchEngine.Cpu, 1, request.Model);
        using FuserBench bench = new(request.Cases, request.Layers ? (oneThread, request.Sizes) : null, progress, clock);
        FuserResult result = await bench.MeasureAsync(request.Seconds * request.Sizes.Count, cancellationToken).ConfigureAwait(false);
        return BenchTables.OfFusers(machine, result);
    }

    private async Task<BenchReport> MeasureEnginesAsync(BenchMachine machine, int frames, CancellationToken cancellationToken)
    {
        using StatusLine progress = Progress();
        EnginePipelineBench bench = new(request.Fusers, request.Scales, progress, clock);
        List<EnginePipelineRow> rows = [];
        foreach (FrameSize size in request.Sizes)
            rows.AddRange(await bench.MeasureAsync(size, frames, cancellationToken).ConfigureAwait(false));
        return BenchTables.OfEngines(machine, rows);
    }

    private async Task<BenchReport> MeasurePipelineAsync(BenchMachine machine, int frames, CancellationToken cancellationToken)
    {
        using StatusLine progress = Progress();
        PipelineBench bench = new(progress, clock);
        List<PipelineRow> rows = [];
        foreach (FrameSize size in request.Sizes)
            rows.Add(await bench.MeasureAsync(size, frames, cancellationToken).ConfigureAwait(false));
        return BenchTables.OfPipelines(machine, rows);
    }

    private StatusLine Progress() => new(Console.Error, !Console.IsErrorRedirected, clock, rewritten: TimeSpan.Zero, repeated: TimeSpan.FromSeconds(5));
}
