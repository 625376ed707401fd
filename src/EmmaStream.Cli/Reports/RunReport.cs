using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Streaming;

namespace EmmaStream.Cli.Reports;

/// <summary>What a run did: the one schema of <c>--report</c> and <c>--json</c> (docs/CLI.md).</summary>
internal sealed record RunReport
{
    public required string Outcome { get; init; }

    public string? Reason { get; init; }

    public required MasterCounts Master { get; init; }

    public required PartnerCounts Partner { get; init; }

    public required IReadOnlyList<SinkCounts> Sinks { get; init; }

    /// <summary>Pictures that could not be read.</summary>
    public required SkippedInputs Skipped { get; init; }

    public required SkewFigures SkewMs { get; init; }

    /// <summary>Time worked by stage, ms; "total" is the run from the first read to the last file closed.</summary>
    public required IReadOnlyDictionary<string, double> Ms { get; init; }

    public required double FramesPerSecond { get; init; }

    /// <summary>Capture time of the first master frame in each recording's own time, s: the output begins there at 0.</summary>
    public required double? StartSeconds { get; init; }

    public required RunSettings Settings { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    /// <summary>Counts of the master stream.</summary>
    public static MasterCounts CountMaster(LedgerSnapshot ledger) => new(
        ledger.MasterIn, ledger.Fused, ledger.Passed.Values.Sum(), ledger.Dropped.Values.Sum(), ledger.Failed.Values.Sum(),
        ByName(ledger.Passed.Concat(ledger.Dropped).Concat(ledger.Failed)));

    /// <summary>Counts of the partner stream.</summary>
    public static PartnerCounts CountPartner(LedgerSnapshot ledger) =>
        new(ledger.PartnerIn, ledger.Used, ledger.Reused, ledger.Unused.Values.Sum(), ByName(ledger.Unused));

    /// <summary>The distribution of skews.</summary>
    public static SkewFigures FiguresOf(Graph graph) =>
        new(Math.Round(graph.Matcher.Skew.PercentileMs(0.5), 3), Math.Round(graph.Matcher.Skew.PercentileMs(0.95), 3), Math.Round(graph.Matcher.Skew.MaximumMs, 3));

    private static SortedDictionary<string, long> ByName(IEnumerable<KeyValuePair<FrameReason, long>> counts) =>
        new(counts.ToDictionary(c => JsonNamingPolicy.CamelCase.ConvertName(c.Key.ToString()), c => c.Value));
}

internal sealed record MasterCounts(long In, long Fused, long Passed, long Dropped, long Failed, IReadOnlyDictionary<string, long> Reasons);

internal sealed record PartnerCounts(long In, long Used, long Reused, long Unused, IReadOnlyDictionary<string, long> Reasons);

internal sealed record SinkCounts(string Name, string? OutputPath, long In, long Written, long Dropped, long Failed);

internal sealed record SkewFigures(double P50, double P95, double Max);

internal sealed record RunSettings(
    string Infrared, string Visible, string Fuser, string? Model, string Scale, string Levels, string Color, string Size, int Batch, string Pair,
    double IrOffsetMs, string? Registration);

internal static class ReportJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A value as the command line writes it.</summary>
    public static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The processor's name, as the system gives it.</summary>
    public static string Processor { get; } = File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "unknown processor"
        : "unknown processor";

    /// <summary>That version with seven digits of the commit.</summary>
    public static string ShortVersion => Version.IndexOf('+', StringComparison.Ordinal) is >= 0 and int plus ? Version[..Math.Min(Version.Length, plus + 8)] : Version;

    /// <summary>The version of this program.</summary>
    public static string Version { get; } =
        typeof(ReportJson).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
