using System.CommandLine;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.Json;
using EmmaStream.Cli.Benching;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Cli.Running;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream bench</c>: how fast this machine fuses, and what the pipeline costs.</summary>
internal sealed class BenchVerb
{
    private readonly Option<string> _fusers = new("--fuser") { Description = "Methods, separated by commas.", DefaultValueFactory = _ => "average,max,laplacian,emma", HelpName = "LIST" };
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

    private readonly EmmaOnly _emmaOnly;

    public BenchVerb()
    {
        _emmaOnly = new EmmaOnly(_model, _engines, _threads, _scale);
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
        UsageProblems problems = new();
        FrameSize[] sizes = [.. List(parsed.GetRequiredValue(_sizes)).Select(text => Size(text, problems))];
        int batch = Within("--batch", parsed.GetValue(_batch), 1, 64, problems), frames = Within("--frames", parsed.GetValue(_frames), 10, 100_000, problems);
        double seconds = parsed.GetValue(_seconds);
        problems.Unless(seconds is >= 0 and <= 600, seconds, $"--seconds is {seconds}; allowed are 0 to 600");
        List<FusionOptions> candidates = Candidates(parsed, problems);
        problems.ThrowIfAny();
        if (parsed.GetValue(_pipeline))
        {
            List<PipelineRow> rows = [];
            foreach (FrameSize size in sizes)
            {
                using PipelineBench bench = new(TimeProvider.System);
                rows.Add(await bench.MeasureAsync(size, frames, signals.Token).ConfigureAwait(false));
            }
            Print(
                parsed, rows, ["size", "frames", "ours fps", "ffmpeg fps", "ratio", "own ms", "share", "bytes"],
                r => [r.Size, Text(r.Frames), Text(r.OursFps), Text(r.FfmpegFps), Text(r.Ratio), Text(r.OwnMsPerFrame), Text(r.OwnShareAt30Fps), Text(r.AllocatedBytesPerFrame)],
                "own ms: of our process a frame, without fusing; share: that of one core at 30 fps; bytes: allocated a frame.");
            return ExitCodes.Done;
        }
        List<FuserRow> table = [];
        foreach (FrameSize size in sizes)
            table.AddRange(await FuserBench.MeasureAsync(candidates, size, batch, seconds, TimeProvider.System, signals.Token).ConfigureAwait(false));
        Print(
            parsed, table, ["fuser", "size", "ms", "p95 ms", "fps", "ratio", "bytes"],
            r => [r.Fuser, r.Size, Short(r.MedianMs), Short(r.P95Ms), Short(r.FramesPerSecond), Text(Math.Round(table.First(f => f.Size == r.Size).MedianMs / r.MedianMs, 2)), Text(r.AllocatedBytes)],
            $"batch {batch}, scale {FusionScales.Format(candidates[0].Scale)}; ms: median; bytes: allocated a pair.");
        return ExitCodes.Done;
    }

    private List<FusionOptions> Candidates(ParseResult parsed, UsageProblems problems)
    {
        List<FusionOptions> candidates = [];
        foreach (string name in List(parsed.GetRequiredValue(_fusers)))
        {
            FuserKind kind = OneOf<FuserKind>("--fuser", name, problems);
            FusionOptions options = new() { Fuser = kind, Model = parsed.GetValue(_model), Scale = parsed.GetValue(_scale) ?? FusionScale.Full };
            if (kind != FuserKind.Emma)
            {
                candidates.Add(options);
                continue;
            }
            foreach (string engine in List(parsed.GetRequiredValue(_engines)))
            {
                EngineKind choice = OneOf<EngineKind>("--engine", engine, problems);
                candidates.AddRange(List(parsed.GetRequiredValue(_threads)).Select(t => options with { Engine = choice, Threads = t == "auto" ? null : Within("--threads", t, problems) }));
            }
        }
        if (!parsed.GetValue(_pipeline) && !candidates.Exists(c => c.Fuser == FuserKind.Emma))
            problems.AddOf(_emmaOnly.Problems(parsed, parsed.GetRequiredValue(_fusers)));
        return candidates;
    }

    private void Print<T>(ParseResult parsed, IReadOnlyList<T> rows, string[] headings, Func<T, string[]> cells, string legend)
    {
        if (parsed.GetValue(_json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { machine = $"{Machine} {Footing}", rows }, ReportJson.Options));
            return;
        }
        Console.Out.WriteLine(Machine);
        Console.Out.WriteLine(Footing);
        Console.Out.WriteLine(char.ToUpperInvariant(legend[0]) + legend[1..]);
        if (parsed.GetValue(_markdown))
        {
            Console.Out.WriteLine($"\n| {string.Join(" | ", headings)} |\n|{string.Concat(headings.Select(_ => "---|"))}");
            foreach (T row in rows)
                Console.Out.WriteLine($"| {string.Join(" | ", cells(row))} |");
            return;
        }
        foreach (string line in TextTable.Lines(headings, [.. rows.Select(cells)]).Prepend(""))
            Console.Out.WriteLine(line);
    }

    private static string Machine => string.Create(
        CultureInfo.InvariantCulture,
        $"{ReportJson.Processor}, {Environment.ProcessorCount} cores, {(Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128")}-bit vectors, .NET {Environment.Version}, emmastream {ReportJson.ShortVersion}.");

    private const string Footing = "float32; times in memory, without decoding and encoding.";

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static FrameSize Size(string text, UsageProblems problems)
    {
        if (OutputSize.TryParse(text, out OutputSize size) && size.Fixed is { Width: >= 16 and <= 16384, Height: >= 16 and <= 16384 } pixels)
            return pixels;
        problems.Add($"--size has '{text}'; give sizes like 640x480, 16 to 16384 pixels each way");
        return default;
    }

    private static T OneOf<T>(string name, string text, UsageProblems problems) where T : struct, Enum
    {
        string[] allowed = Enum.GetNames<T>();
        return problems.Unless(
            allowed.Contains(text, StringComparer.OrdinalIgnoreCase) & Enum.TryParse(text, ignoreCase: true, out T value), value,
            $"{name} has '{text}'; allowed are {string.Join(", ", allowed).ToLowerInvariant()}");
    }

    private static int Within(string name, string text, UsageProblems problems) =>
        problems.Unless(int.TryParse(text, out int value) && value is >= 1 and <= 256, value, $"{name} has '{text}'; allowed are 1 to 256, and auto");

    private static int Within(string name, int value, int low, int high, UsageProblems problems) =>
        problems.Unless(value >= low && value <= high, value, $"{name} is {value}; allowed are {low} to {high}");

    // Four digits are more than a clock is worth.
    private static string Short(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
