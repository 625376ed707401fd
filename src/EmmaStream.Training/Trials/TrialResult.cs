namespace EmmaStream.Training.Trials;

/// <summary>What a trial on the validation pairs gave.</summary>
public sealed record TrialResult
{
    /// <summary>Name of the phase.</summary>
    public required string Phase { get; init; }

    /// <summary>Steps of the phase that were done.</summary>
    public required int Step { get; init; }

    /// <summary>Means of the metrics over the pairs, per-frame stretch, 8 bit, by name.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Mean of the stripe meter against that of the stronger source of each pair.</summary>
    public required double Stripes { get; init; }

    /// <summary>Shares of values above zero after up4, up3 and up2, in [0, 1]; a dead level has 0. Empty where no network was tried.</summary>
    public IReadOnlyList<double> Active { get; init; } = [];

    /// <summary>Mean over the goals that could be measured of min(1, metric / goal): 1 when every one is reached.</summary>
    public required double Score { get; init; }

    /// <summary>One line.</summary>
    public override string ToString() =>
        $"{string.Join(' ', Metrics.Select(m => $"{m.Key} {m.Value:0.###}"))}, stripes {Stripes:0.00}{(Active.Count == 0 ? "" : $", up4/3/2 active {string.Join('/', Active.Select(a => a.ToString("0.00")))}")}, score {Score:0.0000}";
}
