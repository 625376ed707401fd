using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Sources;

namespace EmmaStream.Streaming.Tests.Parts;

/// <summary>A source of frames that are made when they are read: frame n at <c>start + n / rate</c>, painted by the test.</summary>
/// <param name="pool">Lends the frames.</param>
/// <param name="format">Format of every frame; a painter may not change it.</param>
/// <param name="count">Number of frames.</param>
internal sealed class ListSource(FramePool pool, FrameFormat format, int count) : IFrameSource
{
    private int _next;

    /// <summary>Frames per second.</summary>
    public RationalTime Rate { get; init; } = new(25, 1);

    /// <summary>Capture time of frame 0.</summary>
    public Timestamp Start { get; init; }

    /// <summary>Fills frame n; default: every byte is n.</summary>
    public Action<Frame, int> Paint { get; init; } = (frame, n) => frame.WritableBytes.Fill((byte)n);

    /// <summary>Format of frame n where it differs from the source's.</summary>
    public Func<int, FrameFormat>? FormatOf { get; init; }

    /// <summary>Thrown instead of frame n, if not null.</summary>
    public Func<int, Exception?> FailAt { get; init; } = _ => null;

    /// <summary>Awaited before frame n is given.</summary>
    public Func<int, Task> Before { get; init; } = _ => Task.CompletedTask;

    /// <summary>Called when the graph ends the source.</summary>
    public Action OnDisposed { get; init; } = () => { };

    /// <summary>Whether the graph ended the source.</summary>
    public bool IsDisposed { get; private set; }

    public SourceDescription Description => new("list", format, Rate, count, "made by a test");

    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        await Before(_next).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (FailAt(_next) is { } failure)
            throw failure;
        if (_next == count)
            return null;
        int n = _next++;
        Timestamp time = new(Start.Nanoseconds + new RationalTime(Rate.Denominator, Rate.Numerator).ToTimestamp(n).Nanoseconds);
        Frame frame = pool.Rent(FormatOf?.Invoke(n) ?? format, new FrameStamp(time, RationalTime.Video.ToTicks(time), n, "list"));
        Paint(frame, n);
        return frame;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        OnDisposed();
        return ValueTask.CompletedTask;
    }
}
