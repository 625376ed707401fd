using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace EmmaStream.Fusion.Cpu.Threads;

/// <summary>
/// A few threads that live as long as the engine and take numbered items of one piece of work at a time. The caller works along as worker
/// 0. Idle workers spin for some 50 microseconds, the distance of two layers, then sleep; nothing is allocated per piece of work.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _work = new(0);
    private volatile bool _disposed;

    // Written by the caller before the ticket; read by a worker once it has drawn an item of it.
    private Action<int, int>? _body;
    private int _items;

    // Touched by every worker (Interlocked).
    private long _ticket;      // generation << 32 | items not yet drawn
    private int _unfinished;
    private int _sleeping;
    private ExceptionDispatchInfo? _failure;

    /// <param name="workers">Workers including the caller, at least 1.</param>
    public WorkerPool(int workers)
    {
        Workers = workers;
        _threads = new Thread[workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"fusion {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Workers including the caller.</summary>
    public int Workers { get; }

    /// <summary>Runs <paramref name="body"/>(item, worker) for items 0 to <paramref name="items"/> - 1, started in that order, and waits for all.</summary>
    public void Run(int items, Action<int, int> body)
    {
        (_body, _items) = (body, items);
        _unfinished = items;
        long generation = (Volatile.Read(ref _ticket) >> 32) + 1;
        Interlocked.Exchange(ref _ticket, (generation << 32) | (uint)items);
        int wake = Math.Min(Volatile.Read(ref _sleeping), items - 1);
        if (wake > 0)
            _work.Release(wake);

        while (TryDraw(out int item))
            Perform(item, 0);
        // Waits for the items, not for the workers: one that was descheduled without an item holds up nobody.
        SpinWait wait = default;
        while (Volatile.Read(ref _unfinished) > 0)
            wait.SpinOnce(sleep1Threshold: -1);
        Interlocked.Exchange(ref _failure, null)?.Throw();
    }

    public void Dispose()
    {
        _disposed = true;
        _work.Release(Workers);
        foreach (Thread thread in _threads)
            thread.Join();
        _work.Dispose();
    }

    private void Work(int worker)
    {
        while (!_disposed)
        {
            if (TryDraw(out int item))
                Perform(item, worker);
            else
                Idle();
        }
    }

    /// <summary>Takes one item of whatever work there is; the generation in the ticket keeps a late worker from taking one twice.</summary>
    private bool TryDraw(out int item)
    {
        long ticket = Volatile.Read(ref _ticket);
        while ((int)ticket > 0)
        {
            long seen = Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket);
            if (seen == ticket)
            {
                item = _items - (int)ticket;
                return true;
            }
            ticket = seen;
        }
        item = 0;
        return false;
    }

    private void Perform(int item, int worker)
    {
        try
        {
            _body!(item, worker);
        }
        catch (Exception e)   // travels to the caller of Run
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
        finally
        {
            Interlocked.Decrement(ref _unfinished);
        }
    }

    private void Idle()
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetTimestamp() - start < SpinTicks)
        {
            if ((int)Volatile.Read(ref _ticket) > 0 || _disposed)
                return;
            Thread.SpinWait(20);
        }
        Interlocked.Increment(ref _sleeping);
        if ((int)Volatile.Read(ref _ticket) <= 0 && !_disposed)
            _work.Wait();
        Interlocked.Decrement(ref _sleeping);
    }
}
