using EmmaStream.Metrics.Reports;
using ScottPlot;

namespace EmmaStream.Metrics.Plots;

/// <summary>The plots of one report: how each metric is distributed over the pictures, and for videos how it runs over time.</summary>
internal static class ReportPlots
{
    private const int Width = 430, RowHeight = 40, DistributionMargin = 56, TimeHeight = 210, Sharpness = 2;

    /// <summary>Draws the distribution of <paramref name="metric"/>: a dot a picture, the middle half as a bar, the mean as a line.</summary>
    /// <returns>PNG, or null where no method has a finite value.</returns>
    public static byte[]? Distribution(EvaluationReport report, Metric metric, PlotTheme theme, string font)
    {
        Plot plot = theme.Empty(font);
        int methods = report.Methods.Count;
        bool any = false;
        for (int m = 0; m < methods; m++)
        {
            double[] values = [.. Finite(report, metric, m)];
            if (values.Length == 0)
                continue;
            any = true;
            Strip(plot, values, methods - 1 - m, theme.Of(m), theme);
        }
        if (!any)
            return null;
        double[] places = [.. Enumerable.Range(0, methods).Select(m => (double)(methods - 1 - m))];
        plot.Axes.Left.SetTicks(places, [.. report.Methods.Select(m => Shortened(m.Name))]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.Axes.SetLimitsY(-0.6, methods - 0.4);
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.XLabel(metric.Unit);
        return Png(plot, methods * RowHeight + DistributionMargin);
    }

    /// <summary>Draws <paramref name="metric"/> over the frames' times, a line a method; gaps where it is not finite.</summary>
    /// <returns>PNG, or null where no method has a finite value.</returns>
    public static byte[]? OverTime(EvaluationReport report, Metric metric, PlotTheme theme, string font)
    {
        Plot plot = theme.Empty(font);
        bool any = false;
        for (int m = 0; m < report.Methods.Count; m++)
        {
            int method = m;
            ItemReport[] items = [.. report.Items.Where(i => i.Scores[method]?[metric] is { } v && double.IsFinite(v))];
            if (items.Length == 0)
                continue;
            any = true;
            double[] times = [.. items.Select(i => i.Seconds ?? 0)];
            var line = plot.Add.ScatterLine(times, [.. items.Select(i => i.Scores[method]![metric]!.Value)]);
            line.Color = theme.Of(m);
            line.LineWidth = 1.6f;
            line.LegendText = Shortened(report.Methods[m].Name);
        }
        if (!any)
            return null;
        plot.XLabel("s");
        plot.YLabel(metric.Unit);
        plot.Axes.Margins(0.01, 0.1);
        if (metric.Better == Better.Lower)
            plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
        Legend(plot, theme, report.Methods.Count);
        return Png(plot, TimeHeight);
    }

    private static void Strip(Plot plot, double[] values, double place, Color color, PlotTheme theme)
    {
        // Spread by a fixed sequence (golden ratio), so that two runs draw the same plot.
        double[] spread = [.. values.Select((_, i) => place + (i * 0.618034 % 1 - 0.5) * 0.5)];
        var dots = plot.Add.ScatterPoints(values, spread);
        dots.Color = color.WithAlpha(values.Length > 200 ? 0.25 : 0.45);
        dots.MarkerSize = values.Length > 200 ? 3 : 4.5f;
        double[] sorted = [.. values.Order()];
        var middle = plot.Add.Line(Quantile(sorted, 0.25), place, Quantile(sorted, 0.75), place);
        middle.Color = color;
        middle.LineWidth = 5;
        double mean = values.Average();
        var mark = plot.Add.Line(mean, place - 0.36, mean, place + 0.36);
        mark.Color = theme.Ink;
        mark.LineWidth = 2;
    }

    private static void Legend(Plot plot, PlotTheme theme, int methods)
    {
        if (methods < 2)
            return;
        plot.Legend.BackgroundColor = theme.Surface.WithAlpha(0.85);
        plot.Legend.FontColor = theme.Ink;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal);
    }


    private static byte[] Png(Plot plot, int height)
    {
        plot.ScaleFactor = Sharpness;
        return plot.GetImage(Width * Sharpness, height * Sharpness).GetImageBytes(ImageFormat.Png);
    }

    private static IEnumerable<double> Finite(EvaluationReport report, Metric metric, int method) =>
        report.Items.Select(i => i.Scores[method]?[metric]).OfType<double>().Where(double.IsFinite);

    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int low = (int)place;
        return sorted[low] + (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]) * (place - low);
    }

    private static string Shortened(string name) => name.Length <= 18 ? name : name[..17] + "…";
}
