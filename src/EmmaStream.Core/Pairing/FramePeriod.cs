using EmmaStream.Core.Time;

namespace EmmaStream.Core.Pairing;

/// <summary>A stream's frame period: the (lower) median of its last 16 steps; before the first step, the declared one.</summary>
/// <param name="declared">From the declared frame rate; zero where none is declared.</param>
public sealed class FramePeriod(TimeSpan declared)
{
    private const int Window = 16;

    private readonly long[] _steps = new long[Window];
    private readonly long[] _sorted = new long[Window];
    private int _count, _next;
    private Timestamp _last;
    private bool _started;

    /// <summary>The period now; zero while nothing is known.</summary>
    public TimeSpan Value { get; private set; } = declared;

    /// <summary>Takes the next frame's capture time. A step back or a standstill is no period and is left out.</summary>
    public void Add(Timestamp captureTime)
    {
        long step = captureTime.Nanoseconds - _last.Nanoseconds;
        _last = captureTime;
        if (!_started)
        {
            _started = true;
            return;
        }
        if (step <= 0)
            return;
        _steps[_next] = step;
        _next = (_next + 1) % Window;
        _count = Math.Min(_count + 1, Window);
        Array.Copy(_steps, _sorted, _count);
        Array.Sort(_sorted, 0, _count);
        Value = new TimeSpan(_sorted[(_count - 1) / 2] / 100);
    }
}
