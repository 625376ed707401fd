namespace EmmaStream.Core.Flow;

/// <summary>How a stage, or a whole run, ended.</summary>
public enum EndKind
{
    /// <summary>Everything was done.</summary>
    Completed,

    /// <summary>It was asked to stop.</summary>
    Cancelled,

    /// <summary>Something outside failed: a file, a child, a disk.</summary>
    Failed,

    /// <summary>Our own code failed.</summary>
    Defect,
}

/// <summary>How a stage ended.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Kind">Which way it ended.</param>
/// <param name="Reason">What went wrong; null when nothing did.</param>
/// <param name="PassedOn">Whether a neighbour gave the reason: its own outcome tells more, and may come later than this one.</param>
public sealed record StageOutcome(string Stage, EndKind Kind, Exception? Reason = null, bool PassedOn = false);
