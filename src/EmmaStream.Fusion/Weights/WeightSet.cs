namespace EmmaStream.Fusion.Weights;

/// <summary>All tensors of a weights file, in the file's order and by name.</summary>
public sealed class WeightSet
{
    private readonly Dictionary<string, WeightTensor> _byName;

    /// <summary>Makes a set; names must be unique.</summary>
    /// <param name="origin">Where it came from, for messages: a path.</param>
    /// <param name="tensors">The tensors in file order.</param>
    /// <param name="metadata">What the file says of itself (the safetensors <c>__metadata__</c>).</param>
    public WeightSet(string origin, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Origin = origin;
        Tensors = [.. tensors];
        Metadata = metadata ?? new Dictionary<string, string>();
        _byName = Tensors.ToDictionary(t => t.Name);
    }

    /// <summary>
    /// The mean of sets of one network, tensor by tensor, summed in double. Of neighbouring checkpoints of one training it is a network too, often
    /// a better one; of two trainings it is noise.
    /// </summary>
    /// <param name="origin">What to call the result in messages.</param>
    /// <param name="sets">At least one; all with the tensors of the first. One named twice counts twice.</param>
    /// <param name="metadata">What the file will say of itself.</param>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape: check the sets against their network first.</exception>
    public static WeightSet Mean(string origin, IReadOnlyList<WeightSet> sets, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return new WeightSet(origin, sets[0].Tensors.Select(first =>
        {
            double[] sums = new double[first.Values.Length];
            foreach (WeightSet set in sets)
            {
                if (!set.Contains(first.Name) || !set[first.Name].Shape.SequenceEqual(first.Shape))
                    throw new ArgumentException($"{set.Origin} has no {first.Name} of {first.ShapeText}", nameof(sets));
                float[] values = set[first.Name].Values;
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += values[i];
            }
            return first with { Values = Array.ConvertAll(sums, sum => (float)(sum / sets.Count)) };
        }), metadata);
    }

    /// <summary>Where the set came from.</summary>
    public string Origin { get; }

    /// <summary>The tensors in file order.</summary>
    public IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>What the file says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none; check the set against its network first.</exception>
    public WeightTensor this[string name] => _byName[name];

    /// <summary>Whether a tensor of that name is there.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);
}
