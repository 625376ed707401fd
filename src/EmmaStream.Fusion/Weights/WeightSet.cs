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
