using System.CommandLine;
using EmmaStream.Cli.Benching;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream bench</c>: how fast this machine fuses, and what the pipeline costs.</summary>
internal sealed class BenchVerb
{
    private const int FramesOfPipeline = 600, FramesOfEngine = 100;

    private readonly Option<string> _fusers = new("--fuser") { Description = "Methods, separated by commas.", DefaultValueFactory = _ => "average,max,laplacian,emma", HelpName = "LIST" };
    private readonly Option<string> _sizes = new("--size") { Description = "Picture sizes, separated by commas.", DefaultValueFactory = _ => "320x240,640x480,1280x720", HelpName = "LIST" };
    private readonly Option<string> _engines = new("--engine")
    {
        Description = "Engines of EMMA's network, separated by commas: auto, cpu, torch, and op-by-op: libtorch as published, which the others are compared with. On the processor libtorch is measured at full size, one pair a call.",
        DefaultValueFactory = _ => "auto",
        HelpName = "LIST",
    };

    private readonly Option<string> _threads = new("--threads") { Description = "Threads of EMMA's network, separated by commas; auto is one for each core.", DefaultValueFactory = _ => "auto", HelpName = "LIST" };
    private readonly Option<string?> _model = new("--model") { Description = "EMMA's weights.", HelpName = "FILE" };
    private readonly Option<string> _scales = new("--scale") { Description = "Sizes at which the network runs, separated by commas: 1, 1/2, 1/4.", DefaultValueFactory = _ => "1", HelpName = "LIST" };
    private readonly Option<string> _batches = new("--batch") { Description = "Pairs in one call, separated by commas; 1 to 64.", DefaultValueFactory = _ => "1", HelpName = "LIST" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "Time for each size, 0 to 600; every row has at least three turns. 0: three calls.", DefaultValueFactory = _ => 5, HelpName = "S" };
    private readonly Option<bool> _layers = new("--layers") { Description = "Times every part of the network in the cpu engine too, on one thread." };
    private readonly Option<bool> _pipeline = new("--pipeline") { Description = "Measures the whole pipeline instead: against ffmpeg alone, or with --fuser emma what it takes and what it leaves of the engines' speed." };
    private readonly Option<int?> _frames = new("--frames") { Description = $"Frames of a pipeline run, 10 to 100000. Default: {FramesOfPipeline}, with emma {FramesOfEngine}.", HelpName = "N" };
    private readonly Option<bool> _markdown = new("--md") { Description = "Prints Markdown tables." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON." };

    private readonly EmmaOnly _emmaOnly;

    public BenchVerb()
    {
        _emmaOnly = new EmmaOnly(_model, _engines, _threads, _scales, _layers);
        Command = new Command("bench", "Measures fusers against each other in one run, in turn, or the whole pipeline.")
        {
            _fusers, _sizes, _engines, _threads, _model, _scales, _batches, _seconds, _layers, _pipeline, _frames, _markdown, _json,
        };
        Command.SetAction((parsed, cancellationToken) => Signals.RunAsync(
            async signals =>
            {
                await new BenchRun(Request(parsed), TimeProvider.System).ExecuteAsync(signals.Token).ConfigureAwait(false);
                return ExitCodes.Done;
            },
            cancellationToken));
    }

    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream bench",
        "emmastream bench --fuser emma --engine cpu,torch,op-by-op --threads 1,2 --size 160x120,640x480 --scale 1,1/2,1/4 --batch 1,4",
        "emmastream bench --fuser emma --engine cpu --size 640x480 --layers --json",
        "emmastream bench --pipeline --size 640x480 --md",
        "emmastream bench --pipeline --fuser emma --engine cpu --threads 1,2 --size 640x480",
    ];

    public Command Command { get; }

    /// <exception cref="Core.Faults.Fault">Options are wrong; all are told.</exception>
    private BenchRequest Request(ParseResult parsed)
    {
        UsageProblems problems = new();
        bool pipeline = parsed.GetValue(_pipeline);
        string fusers = parsed.GetRequiredValue(_fusers);
        if (pipeline && IsGiven(parsed, _fusers))
            problems.Unless(fusers is "average" or "emma", fusers, $"--fuser is {fusers}; --pipeline takes average, against ffmpeg alone, or emma");
        else if (pipeline)
            fusers = "average";
        BenchRequest request = new()
        {
            Sizes = List(_sizes, parsed, problems, OneSize, "sizes like 640x480, 16 to 16384 pixels each way"),
            Scales = List(_scales, parsed, problems, OneScale, "1, 1/2, 1/4"),
            Batches = List(_batches, parsed, problems, text => Whole(text, 64), "1 to 64"),
            Seconds = problems.Unless(parsed.GetValue(_seconds) is >= 0 and <= 600, parsed.GetValue(_seconds), $"--seconds is {parsed.GetValue(_seconds)}; allowed are 0 to 600"),
            Fusers = Fusers(fusers, parsed, problems),
            Layers = parsed.GetValue(_layers),
            Model = parsed.GetValue(_model),
            PipelineFrames = pipeline ? parsed.GetValue(_frames) ?? (fusers == "emma" ? FramesOfEngine : FramesOfPipeline) : null,
            Format = parsed.GetValue(_json) ? BenchFormat.Json : parsed.GetValue(_markdown) ? BenchFormat.Markdown : BenchFormat.Text,
        };
        CheckTogether(request, fusers, parsed, problems);
        problems.ThrowIfAny();
        return request;
    }

    private void CheckTogether(BenchRequest request, string fusers, ParseResult parsed, UsageProblems problems)
    {
        bool hasEmma = fusers.Split(',').Any(name => name.Trim().Equals("emma", StringComparison.OrdinalIgnoreCase));
        if (!hasEmma)
            problems.AddOf(_emmaOnly.Problems(parsed, fusers));
        else if (request.Layers && request.Fusers.Any(f => f.Engine is not null) && !request.Fusers.Any(f => f.Engine == BenchEngine.Cpu))
            problems.Add("--layers times the cpu engine; add cpu to --engine");
        if (request.Cases.FirstOrDefault(c => !c.IsLargeEnough) is { } small)
            problems.Add($"--size has {small.Size}, and --scale has {FusionScales.Format(small.Scale)}: that leaves less than 16 pixels; give a larger one");
        if (request.PipelineFrames is { } frames)
        {
            problems.Unless(frames is >= 10 and <= 100_000, frames, $"--frames is {frames}; allowed are 10 to 100000");
            foreach (FrameSize size in request.Sizes.Where(s => s.Width is < 160 or > 3840 || s.Height is < 120 or > 2160))
                problems.Add($"--size has {size}; --pipeline takes 160x120 to 3840x2160");
            foreach (Option option in (Option[])[_batches, _seconds, _layers])
                problems.Unless(!IsGiven(parsed, option), option, $"{option.Name} is not for --pipeline; leave it out");
        }
        else
            problems.Unless(!IsGiven(parsed, _frames), _frames, "--frames is for --pipeline; add it, or leave it out");
        problems.Unless(!(parsed.GetValue(_json) && parsed.GetValue(_markdown)), _json, "--json and --md are two formats; give one");
    }

    private List<BenchFuser> Fusers(string names, ParseResult parsed, UsageProblems problems)
    {
        FuserKind[] kinds = List(_fusers.Name, names, problems, OneOf<FuserKind>, Names<FuserKind>());
        BenchEngine[] engines = List(_engines, parsed, problems, OneOf<BenchEngine>, Names<BenchEngine>());
        int[] threads = List(_threads, parsed, problems, text => text == "auto" ? Environment.ProcessorCount : Whole(text, 256), "1 to 256, and auto");
        return [.. kinds.SelectMany(kind => kind != FuserKind.Emma ? [new BenchFuser(kind)] : threads.SelectMany(n => engines.Select(e => BenchFuser.Emma(e, n, parsed.GetValue(_model)))))];
    }

    private static T[] List<T>(Option<string> option, ParseResult parsed, UsageProblems problems, Func<string, T?> read, string allowed) where T : struct =>
        List(option.Name, parsed.GetRequiredValue(option), problems, read, allowed);

    private static T[] List<T>(string option, string text, UsageProblems problems, Func<string, T?> read, string allowed) where T : struct
    {
        string[] items = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (items.Length == 0)
            problems.Add($"{option} is '{text}'; allowed are {allowed}");
        foreach (string item in items.Where(item => read(item) is null))
            problems.Add($"{option} has '{item}'; allowed are {allowed}");
        return [.. items.Select(read).OfType<T>()];
    }

    private static FrameSize? OneSize(string text) =>
        OutputSize.TryParse(text, out OutputSize size) && size.Fixed is { Width: >= 16 and <= 16384, Height: >= 16 and <= 16384 } pixels ? pixels : null;

    private static FusionScale? OneScale(string text) => FusionScales.TryParse(text, out FusionScale scale) ? scale : null;

    private static int? Whole(string text, int most) => int.TryParse(text, out int value) && value >= 1 && value <= most ? value : null;

    private static T? OneOf<T>(string text) where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => ReportJson.NameOf(value).Equals(text, StringComparison.OrdinalIgnoreCase)).Select(value => (T?)value).FirstOrDefault();

    private static string Names<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(ReportJson.NameOf));

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
