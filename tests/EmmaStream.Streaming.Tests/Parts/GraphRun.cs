using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Classical;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.Sources;
using EmmaStream.Registration.Files;
using EmmaStream.Streaming.Fusing;
using Serilog.Core;

namespace EmmaStream.Streaming.Tests.Parts;

/// <summary>Runs a graph to its end and holds it to what is true of every run: the ledger adds up, and every part was ended.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Ledger">Where every frame went.</param>
internal sealed record GraphRun(Graph Graph, StageOutcome Outcome, LedgerSnapshot Ledger)
{
    /// <summary>Runs the two sources through the graph into the sinks; what is not said is ordinary.</summary>
    public static async Task<GraphRun> RunAsync(
        FramePool pool, IFrameSource infrared, IFrameSource visible, IReadOnlyList<IFrameSink> sinks, IFuser? fuser = null, FusionSettings? fusion = null,
        PairingOptions? pairing = null, RegistrationFile? registration = null, FrameSize? outputSize = null, CancellationToken cancellationToken = default)
    {
        using IFuser method = fuser ?? new AverageFuser();
        GraphParts parts = new()
        {
            Infrared = infrared,
            Visible = visible,
            Sinks = sinks,
            Fuser = method,
            Fusion = fusion ?? new FusionSettings(),
            Pairing = pairing ?? new PairingOptions(),
            Registration = registration,
            OutputSize = outputSize,
            Pool = pool,
        };
        Graph graph = Graph.Build(parts, TimeProvider.System, Logger.None, cancellationToken);
        StageOutcome outcome = await graph.RunAsync(cancellationToken);
        LedgerSnapshot ledger = graph.Ledger.Snapshot();
        Assert.Empty(ledger.Problems());
        Assert.All(sinks.OfType<CollectingSink>(), s => Assert.True(s.IsDisposed && s.Ending is not null, $"{s.Name} was not ended"));
        Assert.All(new[] { infrared, visible }.OfType<ListSource>(), s => Assert.True(s.IsDisposed, "a source was not ended"));
        return new GraphRun(graph, outcome, ledger);
    }
}
