using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Temporal;

/// <summary>
/// The temporal metrics of one frame, for every method: TD, XF, PUMP, EWARP of the step that leads to it, BiSWE-GLK and MS2R-GLK of the frame
/// between its neighbours. A video's figure is the mean over its frames. Owns scratch memory; one thread at a time.
/// </summary>
/// <param name="motion">Whether to measure what needs motion: EWARP, BiSWE-GLK, MS2R-GLK.</param>
public sealed class TemporalMetrics(bool motion = true)
{
    private const int Infrared = 0, Visible = 1, FirstMethod = 2;

    private readonly MotionMetrics _motion = new();
    private byte[] _visibleMask = [], _previousMask = [], _nextMask = [];

    /// <summary>Measures the frame between two steps.</summary>
    /// <param name="before">The step that leads to the frame; null for the first frame, which has no temporal metrics then.</param>
    /// <param name="after">The step that leads on; null for the last frame, which lacks BiSWE-GLK and MS2R-GLK.</param>
    /// <param name="scores">Takes the values, one for each method.</param>
    public void Measure(FrameStep? before, FrameStep? after, IReadOnlyList<Scores> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (before is null)
            return;
        FrameSet frame = before.Second;
        for (int method = 0; method < scores.Count; method++)
        {
            FrameChange change = FrameChange.Between(before.First.Trio(method), frame.Trio(method));
            scores[method].Set(MetricCatalog.TD, change.Disagreement);
            scores[method].Set(MetricCatalog.XF, change.ExcessFlicker);
            scores[method].Set(MetricCatalog.PUMP, change.Pumping);
        }
        if (!motion || Math.Min(frame.Visible.Width, frame.Visible.Height) < GridFlow.MinimumSide)
            return;
        Warp(before, scores);
        if (after is not null)
            Follow(before, after, scores);
    }

    // EWARP: the visible's own motion from the frame to the one before.
    private void Warp(FrameStep before, IReadOnlyList<Scores> scores)
    {
        FrameSet frame = before.Second;
        int area = frame.Visible.Area;
        Grow(area);
        _motion.Mask(before.Backward(Visible), before.Forward(Visible), _visibleMask);
        for (int method = 0; method < scores.Count; method++)
        {
            double error = _motion.WarpingError(frame.Fused[method], before.First.Fused[method], before.Backward(Visible), _visibleMask.AsSpan(0, area));
            scores[method].Set(MetricCatalog.EWARP, error);
        }
    }

    private void Follow(FrameStep before, FrameStep after, IReadOnlyList<Scores> scores)
    {
        FrameSet frame = before.Second;
        int area = frame.Visible.Area;
        _motion.Mask(before.Backward(Infrared), before.Forward(Infrared), _previousMask);
        And(_previousMask, _visibleMask, area);
        _motion.Mask(after.Forward(Infrared), after.Backward(Infrared), _nextMask);
        _motion.Mask(after.Forward(Visible), after.Backward(Visible), _visibleMask);
        And(_nextMask, _visibleMask, area);
        FlowPair infrared = new(before.Forward(Infrared), after.Forward(Infrared)), visible = new(before.Forward(Visible), after.Forward(Visible));
        for (int method = 0; method < scores.Count; method++)
        {
            int stream = FirstMethod + method;
            GrayPlane fused = frame.Fused[method];
            double toPrevious = _motion.WarpingError(fused, before.First.Fused[method], before.Backward(stream), _previousMask.AsSpan(0, area));
            double toNext = _motion.WarpingError(fused, after.Second.Fused[method], after.Forward(stream), _nextMask.AsSpan(0, area));
            scores[method].Set(MetricCatalog.BiSWE, toPrevious + toNext);
            FlowPair motion = new(before.Forward(stream), after.Forward(stream));
            scores[method].Set(MetricCatalog.MS2R, _motion.MotionChange(motion, infrared, visible));
        }
    }

    private static void And(Span<byte> mask, ReadOnlySpan<byte> other, int area)
    {
        for (int i = 0; i < area; i++)
            mask[i] &= other[i];
    }

    private void Grow(int area)
    {
        if (_visibleMask.Length < area)
            (_visibleMask, _previousMask, _nextMask) = (new byte[area], new byte[area], new byte[area]);
    }
}
