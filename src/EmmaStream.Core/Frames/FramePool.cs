namespace EmmaStream.Core.Frames;

/// <summary>
/// Lends pictures of native memory and takes them back. Buffers are kept by exact byte size, since a run has few formats.
/// Safe for use by many threads. It knows what is out and who holds it, so that a leak has a name.
/// </summary>
public sealed class FramePool : IDisposable
{
    private readonly Lock _gate = new();

    // Under the gate.
    private readonly Dictionary<int, Stack<FrameBuffer>> _free = [];
    private FrameBuffer? _rented;
    private int _outstanding;
    private long _bytes;
    private bool _disposed;

    /// <summary>Pictures lent and not yet returned.</summary>
    public int Outstanding { get { lock (_gate) return _outstanding; } }

    /// <summary>Bytes of native memory that the pool holds, lent or not.</summary>
    public long Bytes { get { lock (_gate) return _bytes; } }

    /// <summary>A picture of <paramref name="format"/> with undefined samples; its caller owns it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format's size is not above 0.</exception>
    public Frame Rent(FrameFormat format, FrameStamp stamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(format.ByteSize, nameof(format));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            FrameBuffer buffer = _free.TryGetValue(format.ByteSize, out Stack<FrameBuffer>? stack) && stack.TryPop(out FrameBuffer? kept)
                ? kept
                : Allocate(format.ByteSize);
            buffer.FirstOwner();
            buffer.Stamp = stamp;
            LinkIn(buffer);
            return new Frame(buffer, format, stamp);
        }
    }

    /// <summary>One line for each picture that is out: its source and number.</summary>
    public IReadOnlyList<string> Holders()
    {
        lock (_gate)
        {
            List<string> holders = [];
            for (FrameBuffer? b = _rented; b is not null; b = b.Next)
                holders.Add($"{b.Stamp.Source} #{b.Stamp.Sequence}, {b.Capacity} bytes, {b.Owners} owner(s)");
            return holders;
        }
    }

    /// <summary>Frees what is in the pool; what is still lent is freed when it comes back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (FrameBuffer buffer in _free.Values.SelectMany(s => s))
                Free(buffer);
            _free.Clear();
        }
    }

    internal void Return(FrameBuffer buffer)
    {
        lock (_gate)
        {
            LinkOut(buffer);
            if (_disposed)
                Free(buffer);
            else
                _free[buffer.Capacity].Push(buffer);
        }
    }

    private FrameBuffer Allocate(int byteSize)
    {
        _free.TryAdd(byteSize, new Stack<FrameBuffer>());
        _bytes += byteSize;
        return new FrameBuffer(this, byteSize);
    }

    private void Free(FrameBuffer buffer)
    {
        _bytes -= buffer.Capacity;
        buffer.Free();
    }

    private void LinkIn(FrameBuffer buffer)
    {
        _outstanding++;
        buffer.Previous = null;
        buffer.Next = _rented;
        if (_rented is not null)
            _rented.Previous = buffer;
        _rented = buffer;
    }

    private void LinkOut(FrameBuffer buffer)
    {
        _outstanding--;
        if (buffer.Previous is null)
            _rented = buffer.Next;
        else
            buffer.Previous.Next = buffer.Next;
        if (buffer.Next is not null)
            buffer.Next.Previous = buffer.Previous;
        buffer.Previous = buffer.Next = null;
    }
}
