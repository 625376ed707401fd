namespace EmmaStream.Core.Flow;

/// <summary>What a full link does with the next item.</summary>
public enum WhenFull
{
    /// <summary>The writer waits: nothing is lost (offline).</summary>
    Wait,

    /// <summary>The oldest item is discarded and counted: the newest is never late (live).</summary>
    DropOldest,
}
