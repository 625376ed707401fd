using EmmaStream.Training.Data;
using EmmaStream.Training.Options;

namespace EmmaStream.Benchmarks.Training;

/// <summary>Pairs to cut patches from, made in memory: smooth shapes with noise, the same in every run, with the warm-up's targets.</summary>
internal static class MadePairs
{
    private const int Width = 320, Height = 240, Count = 8;

    /// <summary>The sampler that a training would have over them.</summary>
    public static PatchSampler Sampler()
    {
        TargetMaker maker = new(new TargetOptions());
        TrainingPair[] pairs = [.. Enumerable.Range(1, Count).Select(n => new TrainingPair($"made {n}", Width, Height, Made(n), Made(n + Count)))];
        foreach (TrainingPair pair in pairs)
            pair.Target = maker.Make(pair);
        return new PatchSampler(new PairSets([pairs], [1], 0), new PatchOptions());
    }

    private static byte[] Made(int seed)
    {
        Random random = new(seed);
        (double across, double down) = (0.02 + (0.08 * random.NextDouble()), 0.02 + (0.08 * random.NextDouble()));
        byte[] samples = new byte[Width * Height];
        for (int i = 0; i < samples.Length; i++)
        {
            double level = 128 + (60 * Math.Sin(i % Width * across)) + (50 * Math.Cos(i / Width * down)) + random.Next(-12, 13);
            samples[i] = (byte)Math.Clamp(level, 0, 255);
        }
        return samples;
    }
}
