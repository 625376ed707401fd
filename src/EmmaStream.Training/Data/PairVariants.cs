namespace EmmaStream.Training.Data;

/// <summary>
/// Copies of a pair with other levels: the few scenes of a training set then stand for many exposures. Each picture gets a gamma of its own
/// (0.45 to 2.2), is pressed into a random part of the range, and half of them get noise. Seed, pair and number alone decide.
/// </summary>
internal static class PairVariants
{
    private const double LargestLogGamma = 0.8, SmallestRange = 0.5, LargestNoise = 5;

    /// <summary>The variants of the pairs, pair after pair.</summary>
    /// <param name="pairs">The pairs as they were read.</param>
    /// <param name="count">Variants of each.</param>
    /// <param name="seed">The run's.</param>
    public static IEnumerable<TrainingPair> Of(IReadOnlyList<TrainingPair> pairs, int count, int seed) =>
        from at in Enumerable.Range(0, pairs.Count) from number in Enumerable.Range(0, count) select Variant(pairs[at], number, StepRandom.Of(seed, at, number));

    private static TrainingPair Variant(TrainingPair pair, int number, Random random) => new(
        $"{pair.Name} variant {number + 1}", pair.Width, pair.Height, Levelled(pair.Infrared, random), Levelled(pair.Visible, random));

    private static byte[] Levelled(byte[] samples, Random random)
    {
        double gamma = Math.Exp(LargestLogGamma * ((2 * random.NextDouble()) - 1)), range = SmallestRange + ((1 - SmallestRange) * random.NextDouble());
        double darkest = (1 - range) * random.NextDouble(), noise = random.Next(2) * LargestNoise * random.NextDouble();
        double[] curve = [.. Enumerable.Range(0, 256).Select(level => 255 * (darkest + (range * Math.Pow(level / 255.0, gamma))))];
        byte[] result = new byte[samples.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (byte)Math.Clamp(Math.Round(curve[samples[i]] + (noise > 0 ? noise * Normal(random) : 0)), 0, 255);
        return result;
    }

    /// <summary>Sum of four uniform numbers, scaled: nearly standard normal, and quick.</summary>
    private static double Normal(Random random) => (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * Math.Sqrt(3);
}
