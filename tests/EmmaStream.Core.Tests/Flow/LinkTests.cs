using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Testing;

namespace EmmaStream.Core.Tests.Flow;

public sealed class LinkTests : IDisposable
{
    private readonly LeakCheckedPool _pool = new();
    private readonly List<(long Sequence, FrameReason Reason)> _lost = [];

    public void Dispose() => _pool.Dispose();

    [Fact]
    public async Task Items_come_out_in_order_and_the_end_carries_its_reason()
    {
        Link<Frame> link = Make(4, WhenFull.Wait);
        for (int i = 0; i < 3; i++)
            Assert.True(await link.WriteAsync(Frame(i), default));
        IOException reason = new("the disk is full");
        link.Complete(reason);
        for (int i = 0; i < 3; i++)
        {
            using Frame? frame = await link.ReadAsync(default);
            Assert.Equal(i, frame!.Stamp.Sequence);
        }
        Assert.Null(await link.ReadAsync(default));
        Assert.Same(reason, link.Reason);
    }

    [Fact]
    public async Task A_full_link_makes_its_writer_wait()
    {
        Link<Frame> link = Make(1, WhenFull.Wait);
        await link.WriteAsync(Frame(0), default);
        Task<bool> second = link.WriteAsync(Frame(1), default).AsTask();
        Assert.False(second.IsCompleted);
        (await link.ReadAsync(default))!.Dispose();
        Assert.True(await second);
        (await link.ReadAsync(default))!.Dispose();
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_full_live_link_drops_its_oldest_and_counts_it()
    {
        Link<Frame> link = Make(2, WhenFull.DropOldest);
        for (int i = 0; i < 5; i++)
            Assert.True(await link.WriteAsync(Frame(i), default));
        Assert.Equal([(0, FrameReason.LinkFull), (1, FrameReason.LinkFull), (2, FrameReason.LinkFull)], _lost);
        Assert.Equal((5, 3, 2), (link.Stats.In, link.Stats.Dropped, link.Stats.Waiting));
        link.Close();
    }

    [Fact]
    public async Task Closing_discards_what_is_inside_and_refuses_the_pending_and_the_next_write()
    {
        Link<Frame> link = Make(1, WhenFull.Wait);
        await link.WriteAsync(Frame(0), default);
        Task<bool> pending = link.WriteAsync(Frame(1), default).AsTask();
        link.Close(new IOException("reader gone"));
        Assert.False(await pending);
        Assert.False(await link.WriteAsync(Frame(2), default));
        Assert.Equal([0L, 1L, 2L], _lost.Select(l => l.Sequence).Order());
        Assert.All(_lost, l => Assert.Equal(FrameReason.RunEnded, l.Reason));
        Assert.Equal("reader gone", link.Reason!.Message);
        Assert.Equal(0, link.Stats.Waiting);
    }

    [Fact]
    public async Task A_cancelled_write_disposes_its_item()
    {
        Link<Frame> link = Make(1, WhenFull.Wait);
        await link.WriteAsync(Frame(0), default);
        using CancellationTokenSource stop = new();
        Task<bool> pending = link.WriteAsync(Frame(1), stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        link.Close();
        Assert.Equal(2, _lost.Count);
    }

    [Fact]
    public async Task Ten_thousand_items_cross_two_threads_without_loss_or_garbage()
    {
        Link<Frame> link = Make(3, WhenFull.Wait);
        Task writer = Task.Run(async () =>
        {
            for (int i = 0; i < 10_000; i++)
                await link.WriteAsync(Frame(i), default);
            link.Complete();
        });
        long expected = 0;
        while (await link.ReadAsync(default) is { } frame)
        {
            Assert.Equal(expected++, frame.Stamp.Sequence);
            frame.Dispose();
        }
        await writer;
        Assert.Equal(10_000, expected);
    }

    private Link<Frame> Make(int depth, WhenFull whenFull) =>
        new("test", depth, whenFull, TimeProvider.System, (f, r) => { lock (_lost) _lost.Add((f.Stamp.Sequence, r)); });

    private Frame Frame(long sequence) => Some.Frame(_pool.Pool, sequence: sequence);
}
