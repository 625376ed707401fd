namespace EmmaStream.Core.Faults;

/// <summary>Counts in messages.</summary>
public static class Counted
{
    /// <summary>"1 frame", "2 frames": a number with its noun, which takes an s.</summary>
    public static string Of(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
