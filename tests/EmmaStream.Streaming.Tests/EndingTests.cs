using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Sinks;
using EmmaStream.Streaming.Fusing;
using EmmaStream.Streaming.Tests.Parts;
using EmmaStream.Testing;

namespace EmmaStream.Streaming.Tests;

/// <summary>Every way for a run to end: which outcome it has, how the sinks end, and that nothing is lost uncounted.</summary>
public sealed class EndingTests : IDisposable
{
    private static readonly FrameFormat Gray = new(PixelFormat.Gray8, new FrameSize(16, 16));
    private readonly LeakCheckedPool _pool = new();

    [Fact]
    public async Task A_run_to_the_end_is_completed()
    {
        CollectingSink sink = new();
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(50), Source(50), [sink]);
        Assert.Equal((EndKind.Completed, null), (run.Outcome.Kind, run.Outcome.Reason));
        Assert.Equal((50, 50, 50), (run.Ledger.MasterIn, run.Ledger.Fused, run.Ledger.Used));
        Assert.Equal(Enumerable.Range(0, 50).Select(n => (long)n), sink.Frames.Select(f => f.Stamp.Sequence));
        Assert.Equal(SinkEnding.Complete, sink.Ending);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_sink_that_fails_ends_the_run_and_every_other_sink_with_its_reason(int at)
    {
        Fault broken = Fault.Output("disk full");
        CollectingSink before = new() { Name = "before" }, after = new() { Name = "after" };
        // An encoder that broke takes its time to end; the others learn the reason before that.
        CollectingSink failing = new() { Name = "failing", OnFrame = (_, n) => { if (n == at) throw broken; }, SlowToFinish = Task.WhenAll(before.Finished, after.Finished) };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(1000), Source(1000), [before, failing, after]);
        Assert.Equal((EndKind.Failed, broken), (run.Outcome.Kind, run.Outcome.Reason));
        Assert.Equal([SinkEnding.Failed, SinkEnding.Failed, SinkEnding.Failed], new[] { before, failing, after }.Select(s => s.Ending!.Value));
        Assert.Equal(at, failing.Frames.Count);
        Assert.Equal(1, run.Ledger.Sinks[1].Failed);
        Assert.True(run.Ledger.MasterIn < 200, $"{run.Ledger.MasterIn} frames were read after the sink failed");
        Assert.All(run.Ledger.Dropped.Keys, reason => Assert.Equal(FrameReason.RunEnded, reason));
    }

    [Fact]
    public async Task A_sink_that_cannot_be_finished_fails_the_run()
    {
        UnfinishableSink sink = new();
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(5), Source(5), [sink]);
        Assert.Equal(EndKind.Failed, run.Outcome.Kind);
        Assert.Equal("cannot be finished", run.Outcome.Reason!.Message);
        Assert.Equal(5, run.Ledger.Sinks[0].Written);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_visible_source_that_fails_delivers_what_it_gave_and_ends_the_run(bool early)
    {
        int at = early ? 0 : 9;
        Fault broken = Fault.Input("cable cut");
        CollectingSink sink = new();
        ListSource visible = new(_pool.Pool, Gray, 100) { FailAt = n => n == at ? broken : null };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(100), visible, [sink]);
        Assert.Equal((EndKind.Failed, broken), (run.Outcome.Kind, run.Outcome.Reason));
        Assert.Equal(at, sink.Frames.Count);
        Assert.Equal(SinkEnding.Failed, sink.Ending);
        Assert.All(run.Ledger.Unused.Keys, reason => Assert.Equal(FrameReason.RunEnded, reason));
    }

    [Fact]
    public async Task An_infrared_source_that_fails_ends_the_run()
    {
        Fault broken = Fault.Input("cable cut");
        CollectingSink sink = new();
        ListSource infrared = new(_pool.Pool, Gray, 100_000) { FailAt = n => n == 9 ? broken : null };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, infrared, Source(100_000), [sink]);
        Assert.Equal((EndKind.Failed, broken), (run.Outcome.Kind, run.Outcome.Reason));
        Assert.Equal(9, run.Ledger.Fused);
        Assert.Empty(run.Ledger.Passed);   // the visible does not go on alone as if the infrared had ended
        Assert.Equal(9, sink.Frames.Count);
        Assert.Equal(SinkEnding.Failed, sink.Ending);
        Assert.True(run.Ledger.MasterIn < 100_000, "the visible was read to its end");
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task What_an_infrared_source_gave_before_it_failed_is_fused_however_late_the_visible_comes(int held)
    {
        Fault broken = Fault.Input("cable cut");
        CollectingSink sink = new();
        TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // Four milliseconds before the visible: for each frame a later and nearer one might have come.
        ListSource infrared = new(_pool.Pool, Gray, 100) { FailAt = n => n == 9 ? broken : null, OnDisposed = failed.SetResult, Start = new(-4_000_000) };
        ListSource visible = new(_pool.Pool, Gray, 100) { Before = n => n == held ? failed.Task : Task.CompletedTask };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, infrared, visible, [sink]);
        Assert.Equal((EndKind.Failed, broken), (run.Outcome.Kind, run.Outcome.Reason));
        Assert.Equal((9, 9), (run.Ledger.Fused, sink.Frames.Count));
        Assert.Empty(run.Ledger.Passed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_pair_that_cannot_be_fused_is_counted_and_the_run_goes_on(int batch)
    {
        CollectingSink sink = new();
        using FailingFuser fuser = new(6 / 255f, () => new Fault(FaultKind.Fusion, "frame 6 is strange"));
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(20), Source(20), [sink], fuser, new FusionSettings { Batch = batch });
        Assert.Equal(EndKind.Completed, run.Outcome.Kind);
        Assert.Equal(1, run.Ledger.Failed[FrameReason.FuseFailed]);
        Assert.Equal(19, run.Ledger.Fused);
        Assert.Equal(Enumerable.Range(0, 20).Where(n => n != 6), sink.Frames.Select(f => (int)f.Stamp.Sequence));
        Assert.Equal("frame 6 is strange", run.Graph.Fusion.FirstFailure!.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_defect_in_the_fuser_ends_the_run_as_our_defect(int batch)
    {
        CollectingSink sink = new();
        InvalidOperationException defect = new("index out of thought");
        using FailingFuser fuser = new(6 / 255f, () => defect);
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(1000), Source(1000), [sink], fuser, new FusionSettings { Batch = batch });
        Assert.Equal((EndKind.Defect, defect, "fuse"), (run.Outcome.Kind, run.Outcome.Reason, run.Outcome.Stage));
        Assert.Equal(SinkEnding.Failed, sink.Ending);
        Assert.Equal(6 / batch * batch, sink.Frames.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_cancelled_run_writes_everything_that_was_read(int batch)
    {
        using CancellationTokenSource stop = new();
        CollectingSink sink = new() { OnFrame = (_, n) => { if (n == 10) stop.Cancel(); } };
        GraphRun run = await GraphRun.RunAsync(
            _pool.Pool, Source(100_000), Source(100_000), [sink], fusion: new FusionSettings { Batch = batch }, cancellationToken: stop.Token);
        Assert.Equal((EndKind.Cancelled, null), (run.Outcome.Kind, run.Outcome.Reason));
        Assert.Equal(SinkEnding.Interrupted, sink.Ending);
        Assert.InRange(sink.Frames.Count, 11, 1000);
        Assert.Equal(run.Ledger.MasterIn, sink.Frames.Count);
        Assert.Empty(run.Ledger.Dropped);
        Assert.Empty(run.Ledger.Failed);
    }

    [Fact]
    public async Task A_stop_that_comes_when_everything_is_complete_stops_nothing()
    {
        using CancellationTokenSource stop = new();
        CollectingSink sink = new() { OnFinishing = stop.Cancel };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(5), Source(5), [sink], cancellationToken: stop.Token);
        Assert.Equal((SinkEnding.Complete, EndKind.Completed), (sink.Ending, run.Outcome.Kind));
    }

    [Fact]
    public async Task A_run_cancelled_before_it_begins_ends_cancelled()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        CollectingSink sink = new();
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, Source(100), Source(100), [sink], cancellationToken: stop.Token);
        Assert.Equal(EndKind.Cancelled, run.Outcome.Kind);
        Assert.Empty(sink.Frames);
    }

    public void Dispose() => _pool.Dispose();

    private ListSource Source(int count) => new(_pool.Pool, Gray, count);

    private sealed class UnfinishableSink : IFrameSink
    {
        public string Name => "unfinishable";

        public bool NeedsRaw => false;

        public ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken) => ValueTask.FromResult(true);

        public ValueTask<string?> CompleteAsync(SinkEnding ending) => throw Fault.Output("cannot be finished");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
