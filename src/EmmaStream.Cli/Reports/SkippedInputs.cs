using EmmaStream.Core.Faults;
using EmmaStream.Media.Sources;

namespace EmmaStream.Cli.Reports;

/// <summary>Pictures of the inputs that could not be read and were left out.</summary>
/// <param name="Infrared">How many infrared ones.</param>
/// <param name="Visible">How many visible ones.</param>
/// <param name="Causes">The line of each, at most 100.</param>
internal sealed record SkippedInputs(int Infrared, int Visible, IReadOnlyList<string> Causes)
{
    private const int Listed = 100, Told = 10;

    public static SkippedInputs Of(IFrameSource infrared, IFrameSource visible)
    {
        IReadOnlyList<string> first = infrared.Skipped?.Causes ?? [], second = visible.Skipped?.Causes ?? [];
        return new(first.Count, second.Count, [.. first.Concat(second).Take(Listed)]);
    }

    /// <summary>One line for the log; null where nothing was left out.</summary>
    public string? ToWarning() => Infrared + Visible == 0 ? null
        : $"{Counted.Of(Infrared + Visible, "picture")} cannot be read and {(Infrared + Visible == 1 ? "was left out with its partner" : "were left out with their partners")}: {string.Join("; ", Causes.Take(Told))}{(Infrared + Visible > Told ? "; ..." : "")}";
}
