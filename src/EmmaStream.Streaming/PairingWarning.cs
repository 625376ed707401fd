using System.Globalization;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Pairing;

namespace EmmaStream.Streaming;

/// <summary>Tells after a run that most frames found no partner: one line with what the two streams cover and what can be done.</summary>
public static class PairingWarning
{
    /// <summary>The line, or null where at least half of the frames that were delivered are fused, or none was.</summary>
    /// <param name="ledger">Where the frames went.</param>
    /// <param name="matcher">The pairing, after the run.</param>
    public static string? Of(LedgerSnapshot ledger, PairMatcher matcher)
    {
        long delivered = ledger.Delivered;
        if (2 * ledger.Fused >= delivered)
            return null;
        string what = ledger.Fused == 0 ? $"None of {delivered} visible frames was fused" : $"Only {ledger.Fused} of {delivered} visible frames were fused";
        return $"{what}, the others are passed on alone: {(matcher.Options.By == PairBy.Index ? ByIndex(ledger) : ByTime(matcher))}";
    }

    /// <summary>A line where two whole recordings begin more than a second apart, or null: containers may begin their clocks anywhere, MPEG-TS does at 1.4 s.</summary>
    /// <param name="matcher">The pairing, after the run.</param>
    public static string? UnlikeStarts(PairMatcher matcher) =>
        matcher.Options.By == PairBy.Time && matcher.PartnerSpan is { } infrared && matcher.MasterSpan is { } visible && Math.Abs(infrared.First.Seconds - visible.First.Seconds) > 1
            ? string.Create(CultureInfo.InvariantCulture, $"The visible begins at {visible.First.Seconds:0.###} s, the infrared at {infrared.First.Seconds:0.###} s (with its offset), and frames are paired by these times. If both began together, pair by number with --pair index, or give --ir-offset")
            : null;

    private static string ByIndex(LedgerSnapshot ledger) =>
        $"the infrared has {ledger.PartnerIn} frames, and frame n is paired with frame n. Pair by capture time instead (--pair time) if one camera is slower";

    private static string ByTime(PairMatcher matcher)
    {
        if (matcher.PartnerSpan is not { } infrared || matcher.MasterSpan is not { } visible)
            return "the infrared has no frame in this part of the recording. Check --start, and --ir-offset if the clocks of the two cameras differ";
        string offset = "Where the clocks of the two cameras differ, give the difference with --ir-offset";
        if (infrared.First > visible.Last || infrared.Last < visible.First)
            offset += string.Create(CultureInfo.InvariantCulture, $" ({(matcher.Options.PartnerOffset + (visible.First - infrared.First)).TotalMilliseconds:0} brings the first frames together)");
        return $"the visible covers {Text(visible)}, the infrared {Text(infrared)} (with its offset), and frames pair that are at most "
            + string.Create(CultureInfo.InvariantCulture, $"{matcher.MaxSkew.TotalMilliseconds:0} ms apart. {offset}, or pair by number with --pair index");
    }

    private static string Text(StreamSpan span) => span.IsWhole
        ? string.Create(CultureInfo.InvariantCulture, $"{span.First.Seconds:0.###} to {span.Last.Seconds:0.###} s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.First.Seconds:0.###} s and later");
}
