using System.CommandLine;
using System.Runtime.CompilerServices;
using EmmaStream.Cli.Reports;
using EmmaStream.Cli.Running;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Pairing;
using EmmaStream.Metrics;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream evaluate</c>: the field's metrics for fused pictures and videos.</summary>
internal sealed class EvaluateVerb
{
    private readonly Option<string> _infrared = new("--ir") { Description = "Infrared: a folder of pictures, a picture or a video. Beside a video, a folder holds the frames of one, in the order of their names.", HelpName = "PATH", Required = true };
    private readonly Option<string> _visible = new("--vi") { Description = "Visible: as --ir. Folders are paired by name as `fuse` pairs them.", HelpName = "PATH", Required = true };
    private readonly Option<string[]> _fused = new("--fused") { Description = "A method's results: as --ir, its pictures named like the pairs. NAME=PATH names the method. May be repeated: the table then compares.", HelpName = "[NAME=]PATH", Required = true };
    private readonly Option<string?> _registration = new("--registration") { Description = "The registration.json, where the infrared is not registered yet.", HelpName = "FILE" };
    private readonly Option<double?> _irOffset = new("--ir-offset") { Description = "Added to infrared capture times of videos, ms. Default: the registration's.", HelpName = "MS" };
    private readonly Option<PairBy?> _pair = Choice.Of<PairBy>("--pair", "Pair frames of videos by capture time or by number, as they were fused. Default: time; folders by number.");
    private readonly Option<int> _every = new("--every") { Description = "Measures every n-th picture or frame.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<int> _threads = new("--threads") { Description = "Pairs measured at a time; 0 is one for each core.", HelpName = "N" };
    private readonly Option<bool> _linfengTang = new("--linfeng-tang") { Description = "Adds Nabf and the metrics on the Linfeng-Tang evaluator's footing." };
    private readonly Option<bool> _noMotion = new("--no-motion") { Description = "Leaves out the metrics of videos that need optical flow: most of the time." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the report as JSON." };
    private readonly Option<string?> _report = new("--report") { Description = "Writes the report as JSON.", HelpName = "FILE.json" };
    private readonly Option<string?> _csv = new("--csv") { Description = "Writes a row for each picture and method.", HelpName = "FILE.csv" };
    private readonly Option<string?> _html = new("--html") { Description = "Writes a report to look at: pictures side by side, tables, plots. Opens without a network.", HelpName = "DIR" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No progress and no table." };

    public EvaluateVerb()
    {
        Command = new Command("evaluate", "Measures fused pictures or videos against their sources, as papers on image fusion do (docs/METRICS.md).")
        {
            _infrared, _visible, _fused, _registration, _irOffset, _pair, _every, _threads, _linfengTang, _noMotion, _json, _report, _csv, _html, _quiet,
        };
        Command.SetAction((parsed, cancellationToken) => Signals.RunAsync(signals => ExecuteAsync(parsed, signals), cancellationToken));
    }

    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream evaluate --ir pairs/ir --vi pairs/vi --fused fused/",
        "emmastream evaluate --ir pairs/ir --vi pairs/vi --fused EMMA=emma/ --fused max=max/ --html report/ --csv scores.csv",
        "emmastream evaluate --ir ir.mp4 --vi vi.mp4 --fused fused.mp4 --registration registration.json --every 5",
    ];

    public Command Command { get; }

    private async Task<int> ExecuteAsync(ParseResult parsed, Signals signals)
    {
        bool quiet = parsed.GetValue(_quiet), json = parsed.GetValue(_json);
        UsageProblems problems = new();
        EvaluationOptions options = new()
        {
            Infrared = parsed.GetRequiredValue(_infrared),
            Visible = parsed.GetRequiredValue(_visible),
            Fused = [.. parsed.GetRequiredValue(_fused).Select(text => Fused(text, problems)).OfType<FusedInput>()],
            Registration = parsed.GetValue(_registration),
            InfraredOffset = problems.InfraredOffset(parsed.GetValue(_irOffset)),
            PairBy = parsed.GetValue(_pair),
            Every = parsed.GetValue(_every),
            Threads = parsed.GetValue(_threads),
            LinfengTang = parsed.GetValue(_linfengTang),
            Motion = !parsed.GetValue(_noMotion),
            Json = parsed.GetValue(_report),
            Csv = parsed.GetValue(_csv),
            Html = parsed.GetValue(_html),
        };
        problems.AddOf(parsed.GetRequiredValue(_fused).Length == options.Fused.Count ? options.Problems() : []);
        problems.ThrowIfAny();
        (EvaluationReport report, Fault? unwritten) = await RunAsync(options, quiet || json, signals.Token).ConfigureAwait(false);
        if (json)
        {
            Stream output = StandardStreams.OpenOutput();
            await using ConfiguredAsyncDisposable ending = output.ConfigureAwait(false);
            JsonReport.Write(report, output);
        }
        else if (!quiet)
            EvaluationSummary.Write(Console.Out, report, !Console.IsOutputRedirected);
        foreach (string line in EvaluationSummary.Losses(report))
            await Console.Error.WriteLineAsync($"emmastream: {line}").ConfigureAwait(false);
        if (unwritten is not null)
            await Console.Error.WriteLineAsync($"emmastream: {unwritten.Message}").ConfigureAwait(false);
        return report.IsComplete && unwritten is null ? ExitCodes.Done : ExitCodes.FailedUnderWay;
    }

    // What was measured is shown even where a report of it cannot be written.
    private static async Task<(EvaluationReport Report, Fault? Unwritten)> RunAsync(EvaluationOptions options, bool silent, CancellationToken cancellationToken)
    {
        using EvaluationProgressLine? progress = silent ? null : new(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        try
        {
            return (await Evaluation.RunAsync(options, progress, cancellationToken).ConfigureAwait(false), null);
        }
        catch (ReportsNotWritten e)
        {
            return (e.Report, e);
        }
    }

    private static FusedInput? Fused(string text, UsageProblems problems)
    {
        try
        {
            return FusedInput.Parse(text);
        }
        catch (Fault fault)
        {
            problems.Add(fault.Message);
            return null;
        }
    }
}
