using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Sources;

namespace EmmaStream.Media.TestPattern;

/// <summary>
/// One view of a painted street at night, for trying everything without cameras and for tests that know the truth: lit windows, signs and a street
/// lamp that only the visible shows, a walker in a dark alley whom only the infrared shows, a walker under the lamp and a passing car that both show.
/// Both views agree at equal capture times (plus <see cref="TestPatternOptions.InfraredOffset"/>) and are registered by
/// <see cref="TestPatternOptions.InfraredToVisible"/>. Frames are painted when they are read, as fast as they are read.
/// </summary>
public sealed class TestPatternSource : IFrameSource
{
    private readonly StreamRole _role;
    private readonly TestPatternOptions _options;
    private readonly FramePool _pool;
    private readonly VisibleView? _visible;
    private readonly InfraredView? _infrared;
    private readonly RationalTime _period;

    // Owned by the reader.
    private long _next;

    /// <summary>Paints what stands still; takes a few tenths of a second.</summary>
    /// <param name="role">Which camera.</param>
    /// <param name="options">The same for both cameras of a pair.</param>
    /// <param name="pool">Lends the frames.</param>
    /// <exception cref="Fault">An option is out of range (<see cref="FaultKind.Usage"/>); all of them are named.</exception>
    public TestPatternSource(StreamRole role, TestPatternOptions options, FramePool pool)
    {
        if (options.Problems("testPattern").ToList() is { Count: > 0 } problems)
            throw Fault.Usage(string.Join("; ", problems));
        _role = role;
        _options = options;
        _pool = pool;
        RationalTime rate = role == StreamRole.Visible ? options.VisibleRate : options.InfraredRate;
        _period = new(rate.Denominator, rate.Numerator);
        FrameFormat format;
        if (role == StreamRole.Visible)
            format = (_visible = new VisibleView(options)).Format;
        else
            format = (_infrared = new InfraredView(options)).Format;
        string name = role == StreamRole.Visible ? "test pattern, visible" : "test pattern, infrared";
        Description = new(name, format, rate, Count(options, rate), $"painted, {format.Pixels}");
    }

    /// <inheritdoc/>
    public SourceDescription Description { get; }

    /// <inheritdoc/>
    public ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_next == Description.FrameCount ? null : Paint(_next++));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _visible?.Dispose();
        _infrared?.Dispose();
        return ValueTask.CompletedTask;
    }

    private Frame Paint(long number)
    {
        Timestamp time = _period.ToTimestamp(number);
        Frame frame = _pool.Rent(Description.Format, new FrameStamp(time, RationalTime.Video.ToTicks(time), number, Description.Name));
        try
        {
            if (_role == StreamRole.Visible)
                _visible!.Paint(frame, number, time.Seconds);
            else
                _infrared!.Paint(frame, number, (time + _options.InfraredOffset).Seconds);
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    /// <summary>Frames whose time lies before the end.</summary>
    private static long? Count(TestPatternOptions options, RationalTime rate)
    {
        if (options.Duration is not { } duration)
            return options.Frames;
        Int128 perSecond = (Int128)rate.Denominator * TimeSpan.TicksPerSecond;
        Int128 frames = ((Int128)duration.Ticks * rate.Numerator + perSecond - 1) / perSecond;
        return (long)Int128.Min(frames, options.Frames ?? long.MaxValue);
    }
}
