namespace EmmaStream.Training.Losses;

/// <summary>The parts of a loss by name, in the order in which they were added, for curves and progress.</summary>
internal sealed class LossTerms
{
    private readonly List<(string Name, double Value)> _terms = [];

    /// <summary>What was added.</summary>
    public IReadOnlyList<(string Name, double Value)> Terms => _terms;

    /// <summary>The sum that the optimiser lowers.</summary>
    public double Total { get; set; }

    public void Add(string name, double value) => _terms.Add((name, value));

    /// <summary>The value of a part; NaN where there is none.</summary>
    public double this[string name] => _terms.Where(t => t.Name == name).Select(t => t.Value).DefaultIfEmpty(double.NaN).First();
}
