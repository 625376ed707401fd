namespace EmmaStream.Training.Running;

/// <summary>Where a training is, after every step.</summary>
/// <param name="Phase">Name of the phase.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Phases">How many there are.</param>
/// <param name="Step">Steps of the phase done.</param>
/// <param name="Steps">Steps that it has.</param>
/// <param name="Loss">Mean loss over the last steps; NaN at first.</param>
/// <param name="PerStep">Mean time of a step since the phase began or the run resumed.</param>
public sealed record TrainingProgress(string Phase, int Number, int Phases, int Step, int Steps, double Loss, TimeSpan PerStep)
{
    /// <summary>What is left of the phase at this pace.</summary>
    public TimeSpan Remaining => PerStep * (Steps - Step);
}
