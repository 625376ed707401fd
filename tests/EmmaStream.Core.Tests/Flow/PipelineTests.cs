using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Testing;

namespace EmmaStream.Core.Tests.Flow;

public sealed class PipelineTests : IDisposable
{
    private readonly LeakCheckedPool _pool = new();
    private readonly Link<Frame> _link = new("test", 2, WhenFull.Wait, TimeProvider.System);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public async Task A_run_that_does_everything_is_completed()
    {
        Collector collector = new(_link);
        StageOutcome outcome = await Run(new Counter(_pool.Pool, _link, 20), collector);
        Assert.Equal(EndKind.Completed, outcome.Kind);
        Assert.Equal(20, collector.Taken);
    }

    [Fact]
    public async Task Cancelling_stops_the_source_and_drains_the_rest()
    {
        using CancellationTokenSource stop = new();
        Collector collector = new(_link) { OnFrame = n => { if (n == 7) stop.Cancel(); } };
        Counter counter = new(_pool.Pool, _link, int.MaxValue);
        StageOutcome outcome = await Run(counter, collector, stop.Token);
        Assert.Equal(EndKind.Cancelled, outcome.Kind);
        Assert.Equal(counter.Written, collector.Taken);
    }

    [Fact]
    public async Task The_first_failure_ends_the_source_and_is_the_outcome()
    {
        Collector collector = new(_link) { OnFrame = n => { if (n == 5) throw Fault.Output("out.mp4: no space"); } };
        StageOutcome outcome = await Run(new Counter(_pool.Pool, _link, int.MaxValue), collector);
        Assert.Equal((EndKind.Failed, "collect"), (outcome.Kind, outcome.Stage));
        Assert.Equal("out.mp4: no space", outcome.Reason!.Message);
    }

    [Fact]
    public async Task The_outcome_names_the_stage_that_failed_even_where_its_neighbour_ends_first()
    {
        Counter counter = new(_pool.Pool, _link, int.MaxValue);
        Collector collector = new(_link) { OnFrame = _ => throw Fault.Output("out.mp4: no space"), EndsAfter = counter.Ended };
        Assert.Equal("collect", (await Run(counter, collector)).Stage);
    }

    [Fact]
    public async Task A_defect_is_told_apart_from_a_fault()
    {
        Collector collector = new(_link) { OnFrame = _ => throw new InvalidOperationException("our mistake") };
        Assert.Equal(EndKind.Defect, (await Run(new Counter(_pool.Pool, _link, 10), collector)).Kind);
    }

    [Fact]
    public async Task A_source_that_breaks_lets_the_rest_drain_with_its_reason()
    {
        Collector collector = new(_link);
        StageOutcome outcome = await Run(new Counter(_pool.Pool, _link, 10) { BreaksAtEnd = true }, collector);
        Assert.Equal((EndKind.Failed, "count"), (outcome.Kind, outcome.Stage));
        Assert.Equal(10, collector.Taken);
        Assert.Equal("vi.mp4: truncated", collector.EndReason!.Message);
    }

    private static Task<StageOutcome> Run(Counter source, Collector sink, CancellationToken cancellationToken = default)
    {
        Pipeline pipeline = new(TimeProvider.System);
        pipeline.AddSource(source);
        pipeline.Add(sink);
        return pipeline.RunAsync(cancellationToken);
    }

    private sealed class Counter(FramePool pool, Link<Frame> output, int count) : Stage("count")
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Written { get; private set; }

        public bool BreaksAtEnd { get; init; }

        public Task Ended => _ended.Task;

        protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
        {
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!await output.WriteAsync(Some.Frame(pool, sequence: i), cancellationToken))
                    return output.Reason;
                Written++;
            }
            return BreaksAtEnd ? throw Fault.Input("vi.mp4: truncated") : null;
        }

        protected override ValueTask EndLinksAsync(Exception? reason)
        {
            output.Complete(reason);
            _ended.SetResult();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Collector(Link<Frame> input) : Stage("collect")
    {
        public int Taken { get; private set; }

        public Action<int> OnFrame { get; init; } = _ => { };

        public Exception? EndReason { get; private set; }

        public Task EndsAfter { get; init; } = Task.CompletedTask;

        protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
        {
            while (await input.ReadAsync(cancellationToken) is { } frame)
            {
                using (frame)
                    OnFrame(++Taken);
            }
            return EndReason = input.Reason;
        }

        protected override async ValueTask EndLinksAsync(Exception? reason)
        {
            input.Close(reason);
            await EndsAfter;
        }
    }
}
