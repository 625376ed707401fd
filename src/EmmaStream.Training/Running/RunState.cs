using EmmaStream.Training.Trials;

namespace EmmaStream.Training.Running;

/// <summary>How far a training has come: what state.json says.</summary>
public sealed record RunState
{
    /// <summary>The run's seed; with phase and step it gives every random number that follows.</summary>
    public required int Seed { get; init; }

    /// <summary>Number of the phase under way, from 0; as many as there are phases when all are done.</summary>
    public int Phase { get; init; }

    /// <summary>Its name; empty when all are done.</summary>
    public string PhaseName { get; init; } = "";

    /// <summary>Steps of it that were done.</summary>
    public int Step { get; init; }

    /// <summary>Minutes of computing so far, pauses left out.</summary>
    public double Minutes { get; init; }

    /// <summary>All trials so far.</summary>
    public IReadOnlyList<TrialResult> Trials { get; init; } = [];
}
