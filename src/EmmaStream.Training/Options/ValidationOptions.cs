namespace EmmaStream.Training.Options;

/// <summary>When and how the network is tried on the validation pairs.</summary>
public sealed record ValidationOptions
{
    /// <summary>Steps between two trials, each with a checkpoint; at least 1.</summary>
    public int Every { get; init; } = 500;

    /// <summary>Metric means to reach, by name; a checkpoint's score is the mean of min(1, metric / goal). What is named replaces the whole list.</summary>
    public IReadOnlyDictionary<string, double> Goals { get; init; } = new Dictionary<string, double>
    {
        ["EN"] = 7.52, ["SD"] = 54.8, ["SF"] = 16.4, ["AG"] = 6, ["SCD"] = 1.85, ["VIF"] = 0.76, ["Qabf"] = 0.58, ["SSIM"] = 0.98,
    };

    /// <summary>How many of the fused pictures are kept to look at: 0 to 100.</summary>
    public int Pictures { get; init; } = 6;

    /// <summary>Factor at which the stripe meter stops a phase: its mean against that of the stronger source of each pair; at least 1.</summary>
    public double StripeAlarm { get; init; } = 2.5;

    internal IEnumerable<string> Problems(string path)
    {
        if (Every < 1)
            yield return $"{path}.every is {Every}; allowed are 1 and more";
        if (Pictures is < 0 or > 100)
            yield return $"{path}.pictures is {Pictures}; allowed are 0 to 100";
        foreach ((string name, double goal) in Goals.Where(g => !(g.Value > 0)))
            yield return $"{path}.goals.{name} is {goal}; allowed is more than 0";
        if (!(StripeAlarm >= 1))
            yield return $"{path}.stripeAlarm is {StripeAlarm}; allowed are 1 and more";
    }
}
