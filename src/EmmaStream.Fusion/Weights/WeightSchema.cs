using EmmaStream.Core.Faults;

namespace EmmaStream.Fusion.Weights;

/// <summary>Name and shape of one tensor of a network.</summary>
/// <param name="Name">Its path in the network.</param>
/// <param name="Shape">Extents, outermost first.</param>
public sealed record TensorSpec(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>The shape as "16x8x3x3".</summary>
    public string ShapeText => string.Join('x', Shape);
}

/// <summary>All tensors that a network has, in state_dict order.</summary>
/// <param name="network">What to call the network in messages.</param>
/// <param name="tensors">Name and shape of each tensor.</param>
public sealed class WeightSchema(string network, IReadOnlyList<TensorSpec> tensors)
{
    /// <summary>What to call the network in messages.</summary>
    public string Network { get; } = network;

    /// <summary>Name and shape of each tensor, in state_dict order.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; } = tensors;

    /// <summary>Holds a set against the schema: the same names and shapes, finite values. Order does not matter.</summary>
    /// <exception cref="Fault">It differs; the one line lists every missing, extra and misshapen tensor and every one with NaN or infinity.</exception>
    public void Check(WeightSet weights)
    {
        HashSet<string> known = [.. Tensors.Select(t => t.Name)];
        TensorSpec[] present = [.. Tensors.Where(t => weights.Contains(t.Name))];
        string[] problems =
        [
            .. List("missing", Tensors.Where(t => !weights.Contains(t.Name)).Select(t => t.Name)),
            .. List("extra", weights.Tensors.Where(t => !known.Contains(t.Name)).Select(t => t.Name.Shown())),
            .. List("misshapen", present.Where(t => !t.Shape.SequenceEqual(weights[t.Name].Shape))
                .Select(t => $"{t.Name} ({weights[t.Name].ShapeText} instead of {t.ShapeText})")),
            .. List("not finite", present.Where(t => !weights[t.Name].Values.All(float.IsFinite)).Select(t => t.Name)),
        ];
        if (problems.Length > 0)
            throw Fault.Input($"{weights.Origin}: no weights of {Network}: {string.Join("; ", problems)}. Give a file saved from this network");
    }

    private static IEnumerable<string> List(string fault, IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 0 ? [] : [$"{all.Length} {fault}: {string.Join(", ", all)}"];
    }
}
