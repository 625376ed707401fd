namespace EmmaStream.Testing;

/// <summary>The U-Fuser's golden case that lies in the repository: noise in, the published network's output. See Golden/ufuser/PROVENANCE.md.</summary>
public static class UFuserGolden
{
    /// <summary>How far a float32 output may lie from the golden one.</summary>
    public const double Tolerance = 2e-6;

    /// <summary>The same for the case whose weights were changed so that every level and the attention matter.</summary>
    public const double OverrideTolerance = 4e-6;

    /// <summary>All 347 tensors, safetensors, BF16.</summary>
    public static string Weights => PathOf("weights.safetensors");

    /// <summary>Path of a file of the case: input_ir.npy, input_vi.npy, output.npy, output_override.npy.</summary>
    public static string PathOf(string name) => Repository.PathOf("tests", "EmmaStream.Testing", "Golden", "ufuser", name);

    /// <summary>One array of the case.</summary>
    public static NpyFile Array(string name) => NpyFile.Load(PathOf($"{name}.npy"));

    /// <summary>Largest absolute difference of two equally long runs; infinity when one holds NaN.</summary>
    public static double LargestDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
            throw new ArgumentException($"{actual.Length} values where {expected.Length} are expected", nameof(actual));
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }
        return largest;
    }
}
