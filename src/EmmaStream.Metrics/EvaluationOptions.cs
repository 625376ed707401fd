using EmmaStream.Core.Faults;
using EmmaStream.Core.Pairing;
using EmmaStream.Metrics.Reading;

namespace EmmaStream.Metrics;

/// <summary>What to evaluate and where to put the results. Paths are files or folders; all problems are told by <see cref="Evaluation"/>.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The infrared source: a folder of pictures, a picture, or a video. Beside a video, a folder is the frames of one in the order of their names.</summary>
    public required string Infrared { get; init; }

    /// <summary>The visible source, of the same kind.</summary>
    public required string Visible { get; init; }

    /// <summary>The methods' results, of the same kind; at least one, names all different. Fused frame n belongs to visible frame n.</summary>
    public required IReadOnlyList<FusedInput> Fused { get; init; }

    /// <summary>registration.json, where the infrared is not registered to the visible; null (default): it is.</summary>
    public string? Registration { get; init; }

    /// <summary>How frames of infrared and visible videos are paired; null (default): by capture time, and by number where one is a folder of frames.</summary>
    public PairBy? PairBy { get; init; }

    /// <summary>Added to infrared capture times, at most an hour either way; null (default): what the registration says, else nothing.</summary>
    public TimeSpan? InfraredOffset { get; init; }

    /// <summary>Measures every n-th picture or frame, 1 or more; default 1. Temporal metrics use the true neighbours of each such frame.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Whether to add Nabf and the metrics on the Linfeng-Tang evaluator's footing; default no.</summary>
    public bool LinfengTang { get; init; }

    /// <summary>Whether videos get the metrics that need motion (EWARP, BiSWE-GLK, MS2R-GLK), which take most of the time; default yes.</summary>
    public bool Motion { get; init; } = true;

    /// <summary>Where to write the report as JSON; null (default): nowhere.</summary>
    public string? Json { get; init; }

    /// <summary>Where to write one row per picture and method as CSV; null (default): nowhere.</summary>
    public string? Csv { get; init; }

    /// <summary>Folder for the HTML report; it may hold an earlier report of ours, which is replaced; null (default): none.</summary>
    public string? Html { get; init; }

    /// <summary>Pairs whose pictures go into the HTML report, 0 to 100000; default 200. Scores of all pairs are in it.</summary>
    public int HtmlPictures { get; init; } = 200;

    /// <summary>Pairs or frames measured at a time, 0 to 256; 0 (default): one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>All that is wrong with the options themselves, one line each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Fused.Count == 0)
            yield return "nothing to evaluate: no --fused. Give at least one folder or video of fused pictures";
        foreach (IGrouping<string, FusedInput> same in Fused.GroupBy(f => f.Method).Where(g => g.Count() > 1))
            yield return $"two methods are called '{same.Key}'. Give each a name of its own: --fused NAME={same.Last().Path}";
        if (Every < 1)
            yield return $"--every is {Every}; allowed are 1 and more";
        if (Threads is < 0 or > 256)
            yield return $"--threads is {Threads}; allowed are 0 (one for each processor) to 256";
        if (InfraredOffset is { } offset && offset.Duration() > PairingOptions.LargestOffset)
            yield return $"--ir-offset is {offset.TotalMilliseconds}; allowed are -3600000 to 3600000 ms";
        if (HtmlPictures is < 0 or > 100_000)
            yield return $"{HtmlPictures} pairs with pictures in the HTML report; allowed are 0 to 100000";
    }

    /// <summary>The pairing that fusion makes of the same options.</summary>
    internal PairingOptions Pairing(InfraredRegistration? registration) => new()
    {
        By = PairBy ?? (Directory.Exists(Infrared) || Directory.Exists(Visible) ? Core.Pairing.PairBy.Index : Core.Pairing.PairBy.Time),
        PartnerOffset = InfraredOffset ?? registration?.TimeOffset ?? TimeSpan.Zero,
    };

    internal int Workers => Threads == 0 ? Environment.ProcessorCount : Threads;

    internal void Validate()
    {
        List<string> problems = [.. Problems()];
        if (problems.Count > 0)
            throw Fault.Usage(string.Join("; ", problems));
    }
}
