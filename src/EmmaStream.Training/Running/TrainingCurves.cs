using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Training.Trials;
using ScottPlot;

namespace EmmaStream.Training.Running;

/// <summary>curves.png: the loss of every phase, and the metrics of the trials against their goals.</summary>
internal static class TrainingCurves
{
    private const int Width = 1200, Height = 420;

    /// <exception cref="Fault">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<LossPoint> losses, IReadOnlyList<TrialResult> trials, IReadOnlyDictionary<string, double> goals)
    {
        Multiplot plots = new();
        plots.AddPlots(2);
        DrawLosses(plots.GetPlot(0), losses);
        DrawTrials(plots.GetPlot(1), trials, goals);
        byte[] picture = plots.Render(Width, 2 * Height).GetImageBytes(ImageFormat.Png);
        CompleteFile.Write(path, stream => stream.Write(picture));
    }

    private static void DrawLosses(Plot plot, IReadOnlyList<LossPoint> losses)
    {
        plot.Title("Loss (each phase has its own)");
        plot.XLabel("steps");
        double from = 0;
        foreach (IGrouping<string, LossPoint> phase in losses.Where(p => p.Term == "total" && p.Value > 0).GroupBy(p => p.Phase))
        {
            LossPoint[] points = [.. phase];
            double[] steps = [.. points.Select(p => from + p.Step)], levels = [.. points.Select(p => Math.Log10(p.Value))];
            plot.Add.ScatterLine(steps, levels).LegendText = phase.Key;
            from += points[^1].Step;
        }
        plot.YLabel("log10 of the loss");
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static void DrawTrials(Plot plot, IReadOnlyList<TrialResult> trials, IReadOnlyDictionary<string, double> goals)
    {
        plot.Title("Validation metrics against their goals");
        plot.XLabel("trial");
        plot.YLabel("metric / goal");
        double[] numbers = [.. Enumerable.Range(1, trials.Count).Select(n => (double)n)];
        foreach ((string name, double goal) in goals)
        {
            double[] values = [.. trials.Select(t => t.Metrics[name] / goal)];
            if (values.Length > 0 && values.All(double.IsFinite))
                plot.Add.ScatterLine(numbers, values).LegendText = name;
        }
        plot.Add.HorizontalLine(1, width: 1, pattern: LinePattern.Dashed);
        plot.ShowLegend(Alignment.LowerRight);
    }
}
