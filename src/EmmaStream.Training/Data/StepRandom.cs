namespace EmmaStream.Training.Data;

/// <summary>
/// The random numbers of one step: they depend on seed, phase and step alone, so a resumed run draws what the uninterrupted one would have
/// drawn, and no generator has to be saved.
/// </summary>
public static class StepRandom
{
    /// <summary>A generator for one use in one step. <see cref="Random(int)"/> draws the same numbers on every machine and version.</summary>
    /// <param name="seed">The run's.</param>
    /// <param name="phase">Number of the phase, from 0.</param>
    /// <param name="step">Number of the step within the phase, from 0.</param>
    /// <param name="purpose">Apart from other draws of that step.</param>
    public static Random Of(int seed, int phase, long step, int purpose = 0)
    {
        ulong state = (uint)seed;
        foreach (ulong part in (ReadOnlySpan<ulong>)[(ulong)phase, (ulong)step, (ulong)purpose])
            state = Mix(state ^ (part + 0x9E3779B97F4A7C15));
        return new Random((int)(state >> 33));
    }

    /// <summary>The finaliser of SplitMix64: every bit of the input changes half of the output's.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
