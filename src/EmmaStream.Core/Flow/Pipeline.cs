namespace EmmaStream.Core.Flow;

/// <summary>
/// A set of stages that run together. Cancelling stops the sources only: what was read goes its way to the end, within
/// <see cref="DrainLimit"/>. The first stage that ends with a reason stops the sources too, and its reason is the run's outcome; a source that
/// fails tells its reader, who stops the run when all that belongs to the frames before the failure has been read.
/// </summary>
/// <param name="clock">For the drain limit.</param>
public sealed class Pipeline(TimeProvider clock)
{
    private readonly List<Stage> _sources = [];
    private readonly List<Stage> _others = [];

    /// <summary>How long stages may work on after the sources were stopped; then they are cancelled. Default 30 s.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Adds a stage that reads from outside and is stopped by cancelling.</summary>
    public void AddSource(Stage stage) => _sources.Add(stage);

    /// <summary>Adds a stage that ends when its inputs end.</summary>
    public void Add(Stage stage) => _others.Add(stage);

    /// <summary>Runs every stage to its end.</summary>
    /// <returns>The first outcome with a reason, told by the stage that it came from; else cancelled if asked for; else completed.</returns>
    public async Task<StageOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource sourcesStop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource abort = new(Timeout.InfiniteTimeSpan, clock);
        using CancellationTokenRegistration drain = sourcesStop.Token.Register(() => abort.CancelAfter(DrainLimit));

        List<Task<StageOutcome>> running = [.. _others.Select(s => s.RunAsync(abort.Token))];
        HashSet<Task<StageOutcome>> sources = [.. _sources.Select(s => s.RunAsync(sourcesStop.Token))];
        running.AddRange(sources);
        StageOutcome? first = null;
        while (running.Count > 0)
        {
            Task<StageOutcome> ended = await Task.WhenAny(running).ConfigureAwait(false);
            running.Remove(ended);
            StageOutcome outcome = await ended.ConfigureAwait(false);
            if (outcome.Reason is not null && (first is null || Rank(outcome) > Rank(first)))
                first = outcome;
            if (outcome.Reason is not null && !sources.Contains(ended))
                await sourcesStop.CancelAsync().ConfigureAwait(false);
        }
        return first ?? new StageOutcome("run", cancellationToken.IsCancellationRequested ? EndKind.Cancelled : EndKind.Completed);
    }

    // Neighbours pass a reason on and may end before the stage that it came from. A defect outranks the faults that it caused around it.
    private static int Rank(StageOutcome outcome) => outcome.PassedOn ? 0 : outcome.Kind == EndKind.Defect ? 2 : 1;
}
