namespace EmmaStream.Metrics.Reports;

/// <summary>One metric over all pictures of one method. Values that are not finite are counted and left out of the rest.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Finite">Pictures with a finite value.</param>
/// <param name="NonFinite">Pictures whose value is NaN or infinite by definition.</param>
/// <param name="Absent">Pictures that are too small for the metric, or frames at a video's ends.</param>
/// <param name="Mean">Mean of the finite values; without any, infinity where every value is that infinity, else NaN.</param>
/// <param name="Deviation">Standard deviation of the finite values, divisor n; NaN without any.</param>
/// <param name="Minimum">Smallest finite value; NaN without any.</param>
/// <param name="Median">Median of the finite values; NaN without any.</param>
/// <param name="Maximum">Largest finite value; NaN without any.</param>
public sealed record MetricSummary(
    Metric Metric, int Finite, int NonFinite, int Absent, double Mean, double Deviation, double Minimum, double Median, double Maximum)
{
    /// <summary>Summarises <paramref name="values"/>; null is an absent value.</summary>
    public static MetricSummary Of(Metric metric, IEnumerable<double?> values)
    {
        List<double> finite = [];
        double infinity = 0;
        int nonFinite = 0, absent = 0;
        foreach (double? value in values)
        {
            if (value is not { } number)
                absent++;
            else if (double.IsFinite(number))
                finite.Add(number);
            else
                (infinity, nonFinite) = (infinity + number, nonFinite + 1);   // the sum of unlike ones is NaN
        }
        if (finite.Count == 0)
            return new(metric, 0, nonFinite, absent, nonFinite == 0 ? double.NaN : infinity, double.NaN, double.NaN, double.NaN, double.NaN);
        double mean = finite.Average();
        double deviation = Math.Sqrt(finite.Sum(v => (v - mean) * (v - mean)) / finite.Count);
        finite.Sort();
        double median = (finite[(finite.Count - 1) / 2] + finite[finite.Count / 2]) / 2;
        return new(metric, finite.Count, nonFinite, absent, mean, deviation, finite[0], median, finite[^1]);
    }
}
