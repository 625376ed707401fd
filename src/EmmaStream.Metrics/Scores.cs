namespace EmmaStream.Metrics;

/// <summary>
/// Values by metric. A value may be NaN or infinite where the metric's definition says so; it is absent (null) where the picture is too small
/// for the metric or the metric was not asked for.
/// </summary>
public sealed class Scores
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <summary>The value of <paramref name="metric"/>; null when absent.</summary>
    public double? this[Metric metric]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(metric);
            return _values.TryGetValue(metric.Name, out double value) ? value : null;
        }
    }

    /// <summary>Sets a value; NaN and infinities are values.</summary>
    internal void Set(Metric metric, double value) => _values[metric.Name] = value;
}
