using EmmaStream.Media.Ffmpeg;

namespace EmmaStream.Media.Tests.Ffmpeg;

public sealed class BlockingThreadTests
{
    [Fact]
    public async Task A_job_runs_on_the_thread_and_gives_its_result()
    {
        await using BlockingThread thread = new("test");
        int caller = Environment.CurrentManagedThreadId, runner = 0;

        Assert.True(await thread.RunAsync(() => { runner = Environment.CurrentManagedThreadId; return true; }));
        Assert.False(await thread.RunAsync(() => runner != Environment.CurrentManagedThreadId));
        Assert.NotEqual(caller, runner);
    }

    [Fact]
    public async Task A_job_that_throws_tells_its_awaiter_and_the_thread_goes_on()
    {
        await using BlockingThread thread = new("test");

        await Assert.ThrowsAsync<IOException>(async () => await thread.RunAsync(() => throw new IOException("gone")));
        Assert.True(await thread.RunAsync(() => true));
    }

    [Fact]
    public async Task A_second_job_at_the_same_time_is_refused()
    {
        await using BlockingThread thread = new("test");
        using ManualResetEventSlim go = new();

        ValueTask<bool> first = thread.RunAsync(() => { go.Wait(); return true; });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await thread.RunAsync(() => true));
        go.Set();
        Assert.True(await first);
    }

    [Fact]
    public async Task A_job_allocates_next_to_nothing()
    {
        await using BlockingThread thread = new("test");
        Func<bool> job = () => true;
        for (int i = 0; i < 200; i++)
            await thread.RunAsync(job);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < 2000; i++)
            await thread.RunAsync(job);
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 2000;

        Assert.True(each < 150, $"{each} bytes a job");
    }

    [Fact]
    public async Task After_its_end_it_takes_no_job()
    {
        BlockingThread thread = new("test");
        await thread.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await thread.RunAsync(() => true));
    }
}
