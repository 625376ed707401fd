namespace EmmaStream.Metrics;

/// <summary>Which way a metric is better.</summary>
public enum Better
{
    /// <summary>Higher values are better.</summary>
    Higher,

    /// <summary>Lower values are better.</summary>
    Lower,
}

/// <summary>What a metric is measured on.</summary>
public enum MetricKind
{
    /// <summary>One fused picture and its sources.</summary>
    Image,

    /// <summary>Frames that follow each other.</summary>
    Temporal,
}

/// <summary>A metric's place in tables: its name, meaning and direction. docs/METRICS.md defines each.</summary>
/// <param name="Name">Column heading and JSON key, like "Qabf".</param>
/// <param name="Title">What it measures, a few words for people.</param>
/// <param name="Better">Which way it is better.</param>
/// <param name="Unit">Unit, or empty.</param>
/// <param name="Decimals">Decimals that tables show.</param>
/// <param name="MinimumSide">Smallest width and height of a picture that it is defined on.</param>
/// <param name="Kind">What it is measured on.</param>
public sealed record Metric(string Name, string Title, Better Better, string Unit = "", int Decimals = 2, int MinimumSide = 1, MetricKind Kind = MetricKind.Image)
{
    /// <summary>"↑" where higher is better, "↓" where lower is.</summary>
    public string Arrow => Better == Better.Higher ? "↑" : "↓";

    /// <summary>Whether it is computed along a measured motion, which takes far longer than the rest.</summary>
    public bool NeedsMotion => Kind == MetricKind.Temporal && MinimumSide > 1;

    /// <summary>Whether <paramref name="value"/> is better than <paramref name="other"/>; never true for NaN.</summary>
    public bool IsBetter(double value, double other) => Better == Better.Higher ? value > other : value < other;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
