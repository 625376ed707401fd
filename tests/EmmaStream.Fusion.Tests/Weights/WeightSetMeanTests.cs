using EmmaStream.Fusion.Weights;

namespace EmmaStream.Fusion.Tests.Weights;

public class WeightSetMeanTests
{
    [Fact]
    public void Is_the_mean_of_every_tensor_and_one_named_twice_counts_twice()
    {
        WeightSet a = Set("a", 1, 2), b = Set("b", 4, 8);
        Assert.Equal([2.5f, 5], WeightSet.Mean("m", [a, b])["t"].Values);
        Assert.Equal([2f, 4], WeightSet.Mean("m", [a, b, a])["t"].Values);
        Assert.Equal([2], WeightSet.Mean("m", [a, b])["t"].Shape);
    }

    [Fact]
    public void Sets_of_different_networks_have_no_mean()
    {
        string message = Assert.Throws<ArgumentException>(() => WeightSet.Mean("m", [Set("a", 1, 2), Set("b", 1)])).Message;
        Assert.Contains("b has no t of 2", message, StringComparison.Ordinal);
    }

    private static WeightSet Set(string name, params float[] values) => new(name, [new WeightTensor("t", [values.Length], values)]);
}
