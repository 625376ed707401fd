using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EmmaStream.Core.Frames;

namespace EmmaStream.Core.Flow;

/// <summary>
/// A bounded queue between two stages. It owns an item from the call of <see cref="WriteAsync"/> until its reader takes it: what is dropped,
/// refused or left behind is disposed here and nowhere else. One writer, one reader. It closes from either side, each time with an
/// optional reason: the writer completes it and the reader drains it; the reader closes it and the next write returns false.
/// </summary>
/// <typeparam name="T">What travels; an owner that must be disposed.</typeparam>
public sealed class Link<T> where T : class, IDisposable
{
    private readonly Channel<T> _channel;
    private readonly Action<T, FrameReason>? _onDiscard;
    private readonly TimeProvider _clock;

    // Each owned by its side.
    private CancellationToken _writerToken, _readerToken;

    // Written by either side, read by stats (Interlocked).
    private long _in, _out, _dropped, _discarded, _writerWaitedTicks;
    private Exception? _reason;
    private int _closed;

    /// <summary>Makes an empty link.</summary>
    /// <param name="name">For stats and logs, like "visible -> pairer".</param>
    /// <param name="depth">Most items inside, at least 1.</param>
    /// <param name="whenFull">What a full link does.</param>
    /// <param name="clock">For the time that the writer waits.</param>
    /// <param name="onDiscard">Told each item that is lost here, and why, before it is disposed.</param>
    public Link(string name, int depth, WhenFull whenFull, TimeProvider clock, Action<T, FrameReason>? onDiscard = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        Name = name;
        _clock = clock;
        _onDiscard = onDiscard;
        _channel = Channel.CreateBounded<T>(
            new BoundedChannelOptions(depth)
            {
                SingleReader = true,
                SingleWriter = true,
                FullMode = whenFull == WhenFull.Wait ? BoundedChannelFullMode.Wait : BoundedChannelFullMode.DropOldest,
            },
            item => Discard(item, FrameReason.LinkFull, ref _dropped));
    }

    /// <summary>The link's name.</summary>
    public string Name { get; }

    /// <summary>Why the link ended: what the side that ended it said; null for a plain end or while it is open.</summary>
    public Exception? Reason => Volatile.Read(ref _reason);

    /// <summary>Whether the reader closed the link: the writer has nobody to write for.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>The counters now.</summary>
    public LinkStats Stats => new(
        Name, Interlocked.Read(ref _in), Interlocked.Read(ref _out), Interlocked.Read(ref _dropped), Interlocked.Read(ref _discarded),
        TimeSpan.FromTicks(Interlocked.Read(ref _writerWaitedTicks)));

    /// <summary>Hands <paramref name="item"/> over. The link owns it from here, whatever comes out.</summary>
    /// <returns>False when the reader closed the link: the item is gone and the writer should end.</returns>
    public ValueTask<bool> WriteAsync(T item, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _in);
        return _channel.Writer.TryWrite(item) ? ValueTask.FromResult(true) : WaitAndWriteAsync(item, cancellationToken);
    }

    /// <summary>The writer is done, for <paramref name="reason"/> if something went wrong. The reader drains what is inside.</summary>
    public void Complete(Exception? reason = null)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        _channel.Writer.TryComplete();
    }

    /// <summary>The next item, or null after the last. Its caller owns it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        EndWith(cancellationToken, ref _readerToken);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(out T? item))
                return item;
        }
        while (await _channel.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false));
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Takes an item if one is there; its caller owns it.</summary>
    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? item)
    {
        if (!_channel.Reader.TryRead(out item))
            return false;
        Interlocked.Increment(ref _out);
        return true;
    }

    /// <summary>The reader will take no more, for <paramref name="reason"/> if something went wrong. What is inside is discarded.</summary>
    public void Close(Exception? reason = null)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        Interlocked.Exchange(ref _closed, 1);
        _channel.Writer.TryComplete();
        while (_channel.Reader.TryRead(out T? item))
            Discard(item, FrameReason.RunEnded, ref _discarded);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAndWriteAsync(T item, CancellationToken cancellationToken)
    {
        EndWith(cancellationToken, ref _writerToken);
        long start = _clock.GetTimestamp();
        bool written = false;
        try
        {
            while (!written && await _channel.Writer.WaitToWriteAsync(CancellationToken.None).ConfigureAwait(false))
                written = _channel.Writer.TryWrite(item);
            if (!written)
                cancellationToken.ThrowIfCancellationRequested();
            return written;
        }
        finally
        {
            Interlocked.Add(ref _writerWaitedTicks, _clock.GetElapsedTime(start).Ticks);
            if (!written)
                Discard(item, FrameReason.RunEnded, ref _discarded);
        }
    }

    // A channel allocates for every wait that can be cancelled. So one registration a side ends the channel, and with it any wait.
    private void EndWith(CancellationToken cancellationToken, ref CancellationToken known)
    {
        if (cancellationToken == known)
            return;
        known = cancellationToken;
        cancellationToken.UnsafeRegister(static channel => ((Channel<T>)channel!).Writer.TryComplete(), _channel);
    }

    private void Discard(T item, FrameReason reason, ref long counter)
    {
        Interlocked.Increment(ref counter);
        _onDiscard?.Invoke(item, reason);
        item.Dispose();
    }
}
