namespace EmmaStream.Cli.Benching;

/// <summary>Times of one thing measured many times, in ms.</summary>
internal sealed class Samples
{
    private readonly List<double> _ms = [];

    public void Add(TimeSpan time) => _ms.Add(time.TotalMilliseconds);

    public double Median => Percentile(0.5);

    public double P95 => Percentile(0.95);

    public int Count => _ms.Count;

    // Nearest rank.
    private double Percentile(double share)
    {
        if (_ms.Count == 0)
            return double.NaN;
        double[] sorted = [.. _ms.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
