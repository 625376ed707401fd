using EmmaStream.Core.Time;

namespace EmmaStream.Core.Frames;

/// <summary>
/// One owner's hold on a picture with its time. <see cref="Share"/> gives another owner of the same memory; each owner disposes its own,
/// and the memory returns to its pool after the last. A frame may be written only while it has a single owner. An owner belongs to one
/// thread at a time; different owners of the same memory may live on different threads.
/// </summary>
public sealed class Frame : IDisposable
{
    private FrameBuffer? _buffer;

    internal Frame(FrameBuffer buffer, FrameFormat format, FrameStamp stamp)
    {
        _buffer = buffer;
        Format = format;
        Stamp = stamp;
    }

    /// <summary>Sample layout, size and colour description.</summary>
    public FrameFormat Format { get; }

    /// <summary>Time, number and source.</summary>
    public FrameStamp Stamp { get; }

    /// <summary>When light met the sensor.</summary>
    public Timestamp CaptureTime => Stamp.CaptureTime;

    /// <summary>Width x height in pixels.</summary>
    public FrameSize Size => Format.Size;

    /// <summary>Whether other owners of the same memory live.</summary>
    public bool IsShared => Buffer.Owners > 1;

    private FrameBuffer Buffer => _buffer ?? throw new ObjectDisposedException(nameof(Frame), $"frame {Stamp.Sequence} of {Stamp.Source} was used after its owner disposed it");

    /// <summary>Another owner of the same memory; dispose both.</summary>
    public Frame Share() => ShareAs(Stamp);

    /// <summary>Another owner of the same memory that carries <paramref name="stamp"/>.</summary>
    public Frame ShareAs(FrameStamp stamp)
    {
        Buffer.AddOwner();
        return new Frame(_buffer!, Format, stamp);
    }

    /// <summary>Read-only view of plane <paramref name="index"/>.</summary>
    public unsafe Plane Plane(int index) => new(Buffer.Data + Format.PlaneOffset(index), Format.StrideBytes(index), Format.Rows(index));

    /// <summary>Writable view of plane <paramref name="index"/>.</summary>
    /// <exception cref="InvalidOperationException">The frame has more than one owner.</exception>
    public unsafe WritablePlane WritablePlane(int index)
    {
        ThrowIfShared();
        return new(Buffer.Data + Format.PlaneOffset(index), Format.StrideBytes(index), Format.Rows(index));
    }

    /// <summary>All planes as one block, in ffmpeg's rawvideo layout.</summary>
    public unsafe ReadOnlySpan<byte> Bytes => new(Buffer.Data, Format.ByteSize);

    /// <summary>All planes as one writable block.</summary>
    /// <exception cref="InvalidOperationException">The frame has more than one owner.</exception>
    public unsafe Span<byte> WritableBytes
    {
        get
        {
            ThrowIfShared();
            return new(Buffer.Data, Format.ByteSize);
        }
    }

    /// <summary>Ends this owner's hold. Disposing twice does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _buffer, null)?.RemoveOwner();

    /// <inheritdoc/>
    public override string ToString() => $"{Stamp.Source} #{Stamp.Sequence} {Format} at {CaptureTime}";

    private void ThrowIfShared()
    {
        if (IsShared)
            throw new InvalidOperationException($"frame {Stamp.Sequence} of {Stamp.Source} has {Buffer.Owners} owners and is read-only");
    }
}
