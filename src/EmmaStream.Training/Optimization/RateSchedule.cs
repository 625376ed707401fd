using EmmaStream.Training.Options;

namespace EmmaStream.Training.Optimization;

/// <summary>Values that depend on how far a phase has come.</summary>
internal static class RateSchedule
{
    /// <summary>The learning rate of a step: a linear ramp to the peak, then the fall.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="step">From 0.</param>
    public static double RateAt(PhaseOptions phase, int step)
    {
        double ramp = phase.Ramp * phase.Steps;
        if (step < ramp)
            return phase.Rate * (step + 1) / Math.Ceiling(ramp);
        return phase.Rate * phase.Fall switch
        {
            RateFall.Cosine => (1 + Math.Cos(Math.PI * (step - ramp) / (phase.Steps - ramp))) / 2,
            RateFall.Steps => Math.Pow(0.5, step / phase.RateHalving),
            _ => 1,
        };
    }

    /// <summary>The leak of a step: linearly to 0 at half of the phase.</summary>
    public static double LeakAt(PhaseOptions phase, int step) => phase.Leak * Math.Max(0, 1 - (2.0 * step / phase.Steps));

    /// <summary>A value that goes linearly from one at the first step to another at the last.</summary>
    public static double Between(double first, double last, int step, int steps) => first + ((last - first) * step / Math.Max(1, steps - 1));
}
