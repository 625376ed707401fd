using System.Collections.Concurrent;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Reports;
using EmmaStream.Metrics.Temporal;

namespace EmmaStream.Metrics.Running;

/// <summary>A frame to measure with the steps to its neighbours.</summary>
/// <param name="Before">The step from the frame before; null at the start.</param>
/// <param name="Frame">The frame.</param>
/// <param name="After">The step to the frame after; null at the end.</param>
internal sealed record FrameWindow(FrameStep? Before, FrameSet Frame, FrameStep? After);

/// <summary>Measures frames on any number of threads and collects what they gave.</summary>
internal sealed class VideoMeasurement(EvaluationOptions options)
{
    private readonly ConcurrentBag<(MetricsWorkspace Image, TemporalMetrics Temporal)> _idle = [];
    private readonly ConcurrentBag<(int Number, ItemReport Item, bool[] FullRange)> _results = [];

    public void Measure(FrameWindow window)
    {
        if (!_idle.TryTake(out (MetricsWorkspace Image, TemporalMetrics Temporal) memory))
            memory = (new MetricsWorkspace(), new TemporalMetrics(options.Motion));
        FrameSet frame = window.Frame;
        Scores[] scores = new Scores[frame.Fused.Count];
        bool[] fullRange = new bool[frame.Fused.Count];
        for (int m = 0; m < scores.Length; m++)
        {
            scores[m] = ImageMetrics.Measure(frame.Trio(m), memory.Image, options.LinfengTang);
            fullRange[m] = PairMeasurement.SpansFullRange(frame.Fused[m]);
        }
        memory.Temporal.Measure(window.Before, window.After, scores);
        _idle.Add(memory);
        string name = frame.Number.ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
        _results.Add((frame.Number, new ItemReport(name, frame.Visible.Width, frame.Visible.Height, scores, Seconds: frame.Seconds), fullRange));
    }

    /// <summary>Frames in order, and by method how many span 0 to 255.</summary>
    public (List<ItemReport> Items, int[] FullRange) Results()
    {
        List<ItemReport> items = [.. _results.OrderBy(r => r.Number).Select(r => r.Item)];
        int[] fullRange = new int[options.Fused.Count];
        foreach ((_, _, bool[] full) in _results)
        {
            for (int m = 0; m < fullRange.Length; m++)
                fullRange[m] += full[m] ? 1 : 0;
        }
        return (items, fullRange);
    }
}
