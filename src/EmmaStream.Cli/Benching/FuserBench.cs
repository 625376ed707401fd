using EmmaStream.Cli.Reports;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Cpu;

namespace EmmaStream.Cli.Benching;

/// <summary>
/// Times fusers against each other in one run: in every round each case has its turn, so that other load of the machine and its changing clock
/// meet all alike. The peak of the multiply-add units is measured in the same rounds.
/// </summary>
internal sealed class FuserBench : IDisposable
{
    private const int LeastRounds = 3;

    private readonly TimeProvider _clock;
    private readonly StatusLine _progress;
    private readonly Dictionary<BenchFuser, IFuser> _fusers = [];
    private readonly List<CaseBench> _cases = [];
    private readonly List<LayerBench> _layers = [];

    /// <summary>Makes the fusers and their pictures.</summary>
    /// <param name="cases">What to measure.</param>
    /// <param name="layersOf">Our engine with one thread and the sizes at which its layers are timed; null: none are.</param>
    /// <param name="progress">Told whose turn it is.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="Core.Faults.Fault">Weights or a library cannot be had.</exception>
    public FuserBench(IReadOnlyList<BenchCase> cases, (BenchFuser Fuser, IReadOnlyList<FrameSize> Sizes)? layersOf, StatusLine progress, TimeProvider clock)
    {
        (_progress, _clock) = (progress, clock);
        try
        {
            foreach (BenchCase what in cases)
                _cases.Add(new CaseBench(what, FuserFor(what.Fuser), clock));
            if (layersOf is { } layers)
                _layers.AddRange(layers.Sizes.Distinct().Select(size => new LayerBench((EmmaCpuFuser)FuserFor(layers.Fuser), size, clock)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Measures in turn.</summary>
    /// <param name="seconds">How long, after the warm-up; at least three rounds are made. 0: these, of one call each.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<FuserResult> MeasureAsync(double seconds, CancellationToken cancellationToken)
    {
        TimeSpan turn = seconds > 0 ? Turns.Length : TimeSpan.Zero;
        foreach (CaseBench bench in _cases)
            await TakeTurnAsync($"warms up: {bench.Case}", () => bench.WarmUp(turn), cancellationToken).ConfigureAwait(false);
        foreach (LayerBench bench in _layers)
            await TakeTurnAsync($"warms up: {bench.Name}", () => bench.WarmUp(turn), cancellationToken).ConfigureAwait(false);
        double peak = 0;
        int rounds = 0;
        for (long start = _clock.GetTimestamp(); rounds < LeastRounds || _clock.GetElapsedTime(start).TotalSeconds < seconds; rounds++)
        {
            string round = $"round {rounds + 1}{Left(rounds, _clock.GetElapsedTime(start), seconds)}: ";
            peak = Math.Max(peak, FmaPeak.Measure());
            foreach (CaseBench bench in _cases)
                await TakeTurnAsync(round + bench.Case, () => bench.Turn(turn), cancellationToken).ConfigureAwait(false);
            foreach (LayerBench bench in _layers)
                await TakeTurnAsync(round + bench.Name, () => bench.Turn(turn), cancellationToken).ConfigureAwait(false);
        }
        return new(
            [.. _cases.Select(bench => bench.Row(OpByOpMs(bench.Case), peak))], [.. _layers.SelectMany(bench => bench.Rows())], Math.Round(peak, 1), rounds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cases.ForEach(bench => bench.Dispose());
        _layers.ForEach(bench => bench.Dispose());
        foreach (IFuser fuser in _fusers.Values)
            fuser.Dispose();
    }

    // A thread pool that still spins would be charged to the next engine.
    private async Task TakeTurnAsync(string what, Action turn, CancellationToken cancellationToken)
    {
        _progress.Offer(() => what);
        await Task.Delay(TimeSpan.FromMilliseconds(25), _clock, cancellationToken).ConfigureAwait(false);
        turn();
    }

    private static string Left(int rounds, TimeSpan elapsed, double seconds)
    {
        if (rounds == 0)
            return "";
        double whole = Math.Max(seconds, LeastRounds * elapsed.TotalSeconds / rounds);
        return $", {TimeSpan.FromSeconds(Math.Max(0, whole - elapsed.TotalSeconds)):h\\:mm\\:ss} left";
    }

    private IFuser FuserFor(BenchFuser what)
    {
        if (!_fusers.TryGetValue(what, out IFuser? fuser))
            _fusers[what] = fuser = what.Create();
        return fuser;
    }

    private double? OpByOpMs(BenchCase of) => of.Fuser.Threads is null ? null
        : _cases.Find(bench => bench.Case.Fuser.Engine == BenchEngine.OpByOp && bench.Case.Fuser.Threads == of.Fuser.Threads && bench.Case.Size == of.Size)?.MedianMs;
}
