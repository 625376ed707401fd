using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Fusion;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.Sources;
using EmmaStream.Registration.Files;
using EmmaStream.Streaming.Fusing;
using EmmaStream.Streaming.Stages;
using Serilog;

namespace EmmaStream.Streaming;

/// <summary>What a graph is made of. The graph disposes sources and sinks; pool and fuser stay their maker's.</summary>
public sealed record GraphParts
{
    /// <summary>Visible frames: the master.</summary>
    public required IFrameSource Visible { get; init; }

    /// <summary>Infrared frames: the partner.</summary>
    public required IFrameSource Infrared { get; init; }

    /// <summary>How frames find each other.</summary>
    public PairingOptions Pairing { get; init; } = new();

    /// <summary>The alignment of the cameras; null: equal geometry, resized where the sizes differ.</summary>
    public RegistrationFile? Registration { get; init; }

    /// <summary>Size of the fused picture; null: the registration's, else each visible picture's own.</summary>
    public FrameSize? OutputSize { get; init; }

    /// <summary>The method.</summary>
    public required IFuser Fuser { get; init; }

    /// <summary>Batch, scale, levels, colour.</summary>
    public FusionSettings Fusion { get; init; } = new();

    /// <summary>At least one way out.</summary>
    public required IReadOnlyList<IFrameSink> Sinks { get; init; }

    /// <summary>Lends every picture of the run.</summary>
    public required FramePool Pool { get; init; }

    /// <summary>What full links do: wait offline, drop the oldest live.</summary>
    public WhenFull WhenFull { get; init; } = WhenFull.Wait;

    /// <summary>Items in a link: 1 to 64.</summary>
    public int Depth { get; init; } = 4;
}

/// <summary>
/// The whole pipeline, from two sources to the sinks. Offline and live differ only in sources, clock and what a full link does.
/// <code>
/// visible  ─┐
///           ├─ pair ─ register ─ fuse ─ tee ─┬─ sink
/// infrared ─┘                                └─ sink
/// </code>
/// </summary>
public sealed class Graph
{
    private readonly Pipeline _pipeline;

    private Graph(Pipeline pipeline) => _pipeline = pipeline;

    /// <summary>Where every frame went.</summary>
    public required FrameLedger Ledger { get; init; }

    /// <summary>The pairing, for skews and the first capture time.</summary>
    public required PairMatcher Matcher { get; init; }

    /// <summary>What brings pairs to one geometry and size.</summary>
    public required PairRegistrar Registrar { get; init; }

    /// <summary>Time worked by stage, by the names that reports print.</summary>
    public required IReadOnlyDictionary<string, StageTimer> Timers { get; init; }

    /// <summary>The fusion stage, for its first failure.</summary>
    public required FusionStage Fusion { get; init; }

    /// <summary>The sinks' stages, for where the results lie.</summary>
    public required IReadOnlyList<SinkStage> Sinks { get; init; }

    /// <summary>Joins the parts. Nothing runs yet.</summary>
    /// <param name="parts">What to join.</param>
    /// <param name="clock">For waiting times and limits.</param>
    /// <param name="log">For stages that have something to say.</param>
    /// <param name="interrupted">Cancelled when the user stops the run; the same token that <see cref="RunAsync"/> is given.</param>
    /// <exception cref="EmmaStream.Core.Faults.Fault">The registration does not fit the sources' sizes.</exception>
    public static Graph Build(GraphParts parts, TimeProvider clock, ILogger log, CancellationToken interrupted)
    {
        (SourceDescription visible, SourceDescription infrared) = (parts.Visible.Description, parts.Infrared.Description);
        PairRegistrar registrar = PairRegistrar.Create(visible, infrared, parts.Registration, parts.OutputSize, parts.Pool, log);
        FrameLedger ledger = new();
        PairMatcher matcher = new(parts.Pairing, ledger, visible.Period, infrared.Period)
        {
            MasterUnreadable = Unreadable(parts.Visible),
            PartnerUnreadable = Unreadable(parts.Infrared),
        };
        StageTimer registering = new(clock), fusing = new(clock), writing = new(clock);

        Link<Frame> visibleFrames = Link<Frame>("visible -> pair"), infraredFrames = Link<Frame>("infrared -> pair");
        Link<FramePair> pairs = Link<FramePair>("pair -> register", (_, reason) => ledger.Dropped(reason));
        Link<FramePair> registered = Link<FramePair>("register -> fuse", (_, reason) => ledger.Dropped(reason));
        Link<FusedFrame> fused = Link<FusedFrame>("fuse -> tee", (_, reason) => ledger.Dropped(reason));
        TeeBranch[] branches = [.. parts.Sinks.Select(Branch)];

        FusionStage fusion = new(registered, fused, parts.Fuser, parts.Fusion, parts.Pool, ledger, fusing, log);
        SinkStage[] sinks = [.. parts.Sinks.Zip(branches, (sink, branch) => new SinkStage(branch.Link, sink, branch.Ledger, writing, interrupted))];

        Pipeline pipeline = new(clock);
        pipeline.AddSource(new SourceStage("read visible", parts.Visible, visibleFrames));
        pipeline.AddSource(new SourceStage("read infrared", parts.Infrared, infraredFrames));
        pipeline.Add(new PairerStage(visibleFrames, infraredFrames, pairs, matcher));
        pipeline.Add(new RegistrarStage(pairs, registered, registrar, ledger, registering));
        pipeline.Add(fusion);
        pipeline.Add(new TeeStage(fused, branches, ledger));
        foreach (SinkStage sink in sinks)
            pipeline.Add(sink);

        return new Graph(pipeline)
        {
            Ledger = ledger,
            Matcher = matcher,
            Registrar = registrar,
            Timers = new Dictionary<string, StageTimer> { ["register"] = registering, ["fuse"] = fusing, ["write"] = writing },
            Fusion = fusion,
            Sinks = sinks,
        };

        Link<T> Link<T>(string name, Action<T, FrameReason>? onDiscard = null) where T : class, IDisposable =>
            new(name, parts.Depth, parts.WhenFull, clock, onDiscard);

        TeeBranch Branch(IFrameSink sink)
        {
            SinkLedger account = ledger.AddSink(sink.Name);
            return new TeeBranch(Link<FusedFrame>($"tee -> {sink.Name}", (_, _) => account.Dropped()), account);
        }
    }

    /// <summary>Runs to the end of the visible stream, to a failure, or until it is stopped.</summary>
    /// <returns>How it ended; completed also where the stop came when every output was complete already.</returns>
    public async Task<StageOutcome> RunAsync(CancellationToken cancellationToken)
    {
        StageOutcome outcome = await _pipeline.RunAsync(cancellationToken).ConfigureAwait(false);
        bool tooLate = outcome.Kind == EndKind.Cancelled && Sinks.All(s => s.Ending == SinkEnding.Complete);
        return tooLate ? new StageOutcome("run", EndKind.Completed) : outcome;
    }

    private static Func<long, bool> Unreadable(IFrameSource source) => source.Skipped is { } skipped ? skipped.Contains : _ => false;
}
