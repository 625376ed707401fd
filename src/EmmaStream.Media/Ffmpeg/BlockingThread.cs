using System.Threading.Tasks.Sources;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>
/// A thread of its own for calls that block: reads and writes of anonymous pipes, decoders without an asynchronous interface. One job at
/// a time; waiting for it allocates nothing. The awaiter goes on on the thread pool, so the thread is free for the next job at once.
/// </summary>
internal sealed class BlockingThread : IValueTaskSource<bool>, IAsyncDisposable
{
    private const int StackBytes = 256 * 1024;

    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    // Written by the caller, taken by the thread (the event orders them).
    private Func<bool>? _job;
    private volatile bool _ending;
    private int _busy;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name, for debuggers.</param>
    public BlockingThread(string name)
    {
        Thread thread = new(Loop, StackBytes) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Runs <paramref name="job"/> on the thread. Keep the delegate: a lambda that captures would be allocated anew for each call.</summary>
    /// <exception cref="InvalidOperationException">The job before has not ended.</exception>
    public ValueTask<bool> RunAsync(Func<bool> job)
    {
        ObjectDisposedException.ThrowIf(_ending, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("the last job of this thread has not ended");
        _core.Reset();
        _job = job;
        _wake.Set();
        return new ValueTask<bool>(this, _core.Version);
    }

    /// <summary>Ends the thread after its current job.</summary>
    public ValueTask DisposeAsync()
    {
        _ending = true;
        _wake.Set();
        return new ValueTask(_ended.Task);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Loop()
    {
        while (true)
        {
            _wake.WaitOne();
            Func<bool>? job = Interlocked.Exchange(ref _job, null);
            if (job is not null)
                Run(job);
            if (_ending)
                break;
        }
        _wake.Dispose();
        _ended.SetResult();
    }

    private void Run(Func<bool> job)
    {
        bool result;
        try
        {
            result = job();
        }
        catch (Exception e)   // travels to whoever awaits the job
        {
            _core.SetException(e);
            return;
        }
        _core.SetResult(result);
    }
}
