using System.CommandLine;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.Json;
using EmmaStream.Cli.Benching;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Cli.Running;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;
using Spectre.Console;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream bench</c>: how fast this machine fuses, and what the pipeline costs.</summary>
internal sealed class BenchVerb
{
    private readonly Option<string> _fusers = new("--fuser") { Description = "Methods, separated by commas.", DefaultValueFactory = _ => "average,max,laplacian", HelpName = "LIST" };
    private readonly Option<string> _sizes = new("--size") { Description = "Picture sizes, separated by commas.", DefaultValueFactory = _ => "320x240,640x480,1280x720", HelpName = "LIST" };
    private readonly Option<string> _threads = new("--threads") { Description = "Threads of EMMA's network, separated by commas; auto is one for each core.", DefaultValueFactory = _ => "auto", HelpName = "LIST" };
    private readonly Option<string> _engines = new("--engine") { Description = "Engines of EMMA's network, separated by commas.", DefaultValueFactory = _ => "auto", HelpName = "LIST" };
    private readonly Option<string?> _model = new("--model") { Description = "EMMA's weights.", HelpName = "FILE" };
    private readonly Option<FusionScale?> _scale = Choice.Of(
        "--scale", "Size at which the network runs. Default: 1.", new Dictionary<string, FusionScale> { ["1"] = FusionScale.Full, ["1/2"] = FusionScale.Half, ["1/4"] = FusionScale.Quarter });
    private readonly Option<int> _batch = new("--batch") { Description = "Pairs in one call, 1 to 64.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "Time for each size, 0 to 600.", DefaultValueFactory = _ => 5, HelpName = "S" };
    private readonly Option<bool> _pipeline = new("--pipeline") { Description = "Measures the whole pipeline against ffmpeg alone instead, in turn." };
    private readonly Option<int> _frames = new("--frames") { Description = "Frames of a pipeline run, 10 to 100000.", DefaultValueFactory = _ => 600, HelpName = "N" };
    private readonly Option<bool> _markdown = new("--md") { Description = "Prints a Markdown table." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON." };

    public BenchVerb()
    {
        Command = new Command("bench", "Measures fusers against each other in one run, or the pipeline against ffmpeg alone.")
        {
            _fusers, _sizes, _engines, _threads, _model, _scale, _batch, _seconds, _pipeline, _frames, _markdown, _json,
        };
        Command.SetAction((parsed, cancellationToken) => Signals.RunAsync(signals => ExecuteAsync(parsed, signals), cancellationToken));
    }

    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream bench",
        "emmastream bench --fuser emma --model weights.safetensors --size 640x480 --engine cpu,torch --threads 1,2",
        "emmastream bench --pipeline --size 640x480 --md",
    ];

    public Command Command { get; }

    private async Task<int> ExecuteAsync(ParseResult parsed, Signals signals)
    {
        FrameSize[] sizes = [.. List(parsed.GetRequiredValue(_sizes)).Select(Size)];
        int batch = Within("--batch", parsed.GetValue(_batch), 1, 64), frames = Within("--frames", parsed.GetValue(_frames), 10, 100_000);
        double seconds = parsed.GetValue(_seconds) is >= 0 and <= 600 and var s ? s : throw Fault.Usage("--seconds must be from 0 to 600");
        if (parsed.GetValue(_pipeline))
        {
            List<PipelineRow> rows = [];
            foreach (FrameSize size in sizes)
            {
                using PipelineBench bench = new(TimeProvider.System);
                rows.Add(await bench.MeasureAsync(size, frames, signals.Token).ConfigureAwait(false));
            }
            Print(parsed, rows, ["size", "frames", "ours fps", "ffmpeg fps", "ratio", "own ms/frame", "own share at 30 fps", "bytes/frame"],
                r => [r.Size, Text(r.Frames), Text(r.OursFps), Text(r.FfmpegFps), Text(r.Ratio), Text(r.OwnMsPerFrame), Text(r.OwnShareAt30Fps), Text(r.AllocatedBytesPerFrame)]);
            return ExitCodes.Done;
        }
        IReadOnlyList<FusionOptions> candidates = Candidates(parsed);
        List<FuserRow> table = [];
        foreach (FrameSize size in sizes)
            table.AddRange(await FuserBench.MeasureAsync(candidates, size, batch, seconds, TimeProvider.System, signals.Token).ConfigureAwait(false));
        Print(parsed, table, ["fuser", "size", "scale", "batch", "median ms", "p95 ms", "fps", "ratio", "bytes/pair"],
            r => [r.Fuser, r.Size, r.Scale, Text(r.Batch), Text(r.MedianMs), Text(r.P95Ms), Text(r.FramesPerSecond), Text(Math.Round(table.First(f => f.Size == r.Size).MedianMs / r.MedianMs, 2)), Text(r.AllocatedBytes)]);
        return ExitCodes.Done;
    }

    private List<FusionOptions> Candidates(ParseResult parsed)
    {
        List<FusionOptions> candidates = [];
        foreach (string name in List(parsed.GetRequiredValue(_fusers)))
        {
            if (!Enum.TryParse(name, ignoreCase: true, out FuserKind kind) || !Enum.IsDefined(kind))
                throw Fault.Usage($"--fuser has '{name}'; allowed are {string.Join(", ", Enum.GetNames<FuserKind>()).ToLowerInvariant()}");
            FusionOptions options = new() { Fuser = kind, Model = parsed.GetValue(_model), Scale = parsed.GetValue(_scale) ?? FusionScale.Full };
            if (kind != FuserKind.Emma)
            {
                candidates.Add(options);
                continue;
            }
            foreach (string engine in List(parsed.GetRequiredValue(_engines)))
            {
                EngineKind choice = Enum.TryParse(engine, ignoreCase: true, out EngineKind e) ? e : throw Fault.Usage($"--engine has '{engine}'; allowed are auto, cpu, torch");
                candidates.AddRange(List(parsed.GetRequiredValue(_threads)).Select(t => options with { Engine = choice, Threads = t == "auto" ? null : Within("--threads", t) }));
            }
        }
        return candidates;
    }

    private void Print<T>(ParseResult parsed, IReadOnlyList<T> rows, string[] headings, Func<T, string[]> cells)
    {
        if (parsed.GetValue(_json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { machine = Machine, rows }, ReportJson.Options));
            return;
        }
        Console.Out.WriteLine(Machine);
        if (parsed.GetValue(_markdown))
        {
            Console.Out.WriteLine($"\n| {string.Join(" | ", headings)} |\n|{string.Concat(headings.Select(_ => "---|"))}");
            foreach (T row in rows)
                Console.Out.WriteLine($"| {string.Join(" | ", cells(row))} |");
            return;
        }
        Table table = new Table().Border(TableBorder.Simple).AddColumns(headings);
        foreach (T row in rows)
            table.AddRow([.. cells(row).Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    private static string Machine => string.Create(
        CultureInfo.InvariantCulture,
        $"{ReportJson.Processor}, {Environment.ProcessorCount} cores, {(Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128")}-bit vectors, .NET {Environment.Version}, emmastream {ReportJson.Version}. float32; times in memory, without decoding and encoding.");

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static FrameSize Size(string text) => OutputSize.TryParse(text, out OutputSize size) && size.Fixed is { Width: >= 16 and <= 16384, Height: >= 16 and <= 16384 } pixels
        ? pixels
        : throw Fault.Usage($"--size has '{text}'; give sizes like 640x480, 16 to 16384 pixels each way");

    private static int Within(string name, string text) => int.TryParse(text, out int value) ? Within(name, value, 1, 256) : throw Fault.Usage($"{name} has '{text}'; give whole numbers");

    private static int Within(string name, int value, int low, int high) => value >= low && value <= high ? value : throw Fault.Usage($"{name} is {value}; allowed are {low} to {high}");

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
