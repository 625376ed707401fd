namespace EmmaStream.Metrics.Reports;

/// <summary>What was evaluated.</summary>
public enum EvaluationKind
{
    /// <summary>Pictures paired by name.</summary>
    Images,

    /// <summary>Videos paired by frame number.</summary>
    Video,
}

/// <summary>Everything an evaluation found. Immutable; written as JSON, CSV, HTML and the text table by the classes beside it.</summary>
public sealed record EvaluationReport
{
    /// <summary>What was evaluated.</summary>
    public required EvaluationKind Kind { get; init; }

    /// <summary>The infrared source's path.</summary>
    public required string Infrared { get; init; }

    /// <summary>The visible source's path.</summary>
    public required string Visible { get; init; }

    /// <summary>The registration file's path; null where none was given.</summary>
    public string? Registration { get; init; }

    /// <summary>Every n-th picture or frame was measured.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Metrics in the order of tables.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>Methods in the order given.</summary>
    public required IReadOnlyList<MethodReport> Methods { get; init; }

    /// <summary>Pairs by name, or frames by number, with each method's values.</summary>
    public required IReadOnlyList<ItemReport> Items { get; init; }

    /// <summary>Names found on some sides only.</summary>
    public IReadOnlyList<UnpairedName> Unpaired { get; init; } = [];

    /// <summary>What could not be measured, and why.</summary>
    public IReadOnlyList<SkippedItem> Skipped { get; init; } = [];

    /// <summary>What a reader of the figures must know, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether every source could be read to its end; false where a video broke in the middle.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedUtc { get; init; }
}

/// <summary>One method over all pictures that every method has.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Path">Where its results lie.</param>
/// <param name="Items">Pictures or frames that the means are over.</param>
/// <param name="FullRange">How many of its pictures span 0 to 255 exactly, as stretched ones do.</param>
/// <param name="Summaries">One for each metric of the report, in its order.</param>
public sealed record MethodReport(string Name, string Path, int Items, int FullRange, IReadOnlyList<MetricSummary> Summaries);

/// <summary>One pair or frame.</summary>
/// <param name="Name">The pair's name: path within the folder, without suffix and extension; or the frame's number.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Scores">One entry a method; null where that method's picture is missing or was skipped.</param>
/// <param name="Files">The files; null for frames.</param>
/// <param name="Seconds">A frame's time in the visible video; null for pictures.</param>
public sealed record ItemReport(string Name, int Width, int Height, IReadOnlyList<Scores?> Scores, ItemFiles? Files = null, double? Seconds = null)
{
    /// <summary>Whether every method has a picture of it that was measured.</summary>
    public bool HasEveryMethod => Scores.All(s => s is not null);
}

/// <summary>The files of one pair.</summary>
/// <param name="Infrared">Infrared picture.</param>
/// <param name="Visible">Visible picture.</param>
/// <param name="Fused">One entry a method; null where it has none.</param>
public sealed record ItemFiles(string Infrared, string Visible, IReadOnlyList<string?> Fused);

/// <summary>A name that not every side has.</summary>
/// <param name="Name">Path within the folder, without suffix and extension.</param>
/// <param name="MissingIn">The sides that lack it: "infrared", "visible", or a method's name.</param>
public sealed record UnpairedName(string Name, IReadOnlyList<string> MissingIn);

/// <summary>A picture that could not be measured.</summary>
/// <param name="Name">The pair's name, or the source's.</param>
/// <param name="Method">The method concerned; null where it concerns all.</param>
/// <param name="Reason">One line: what, why, what to do.</param>
public sealed record SkippedItem(string Name, string? Method, string Reason)
{
    /// <summary>Whether the reason names the file itself, so that the name before it would say it twice.</summary>
    public bool NamesFile { get; init; }

    /// <summary>One line for people.</summary>
    public string Line => NamesFile ? Reason : $"{Name}{(Method is null ? "" : $" of {Method}")}: {Reason}";
}
