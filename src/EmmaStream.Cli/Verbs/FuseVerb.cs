using System.CommandLine;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Cli.Running;
using EmmaStream.Core.Pairing;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Levels;
using EmmaStream.Imaging.Layouts;
using EmmaStream.Media.Sources;
using EmmaStream.Streaming.Fusing;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream fuse</c>: two recordings in, fused files out.</summary>
internal sealed class FuseVerb
{
    private readonly Option<string?> _infrared = new("--ir") { Description = "Infrared: a video, a picture or a folder of pictures. FILE:left or FILE:right takes half of a side-by-side video.", HelpName = "PATH" };
    private readonly Option<string?> _visible = new("--vi") { Description = "Visible: as --ir.", HelpName = "PATH" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "What to write: .mp4, .mkv or .mov, a picture, a folder (ends with /), .npy, or null.", HelpName = "OUT" };
    private readonly Option<FuserKind?> _fuser = Choice.Of<FuserKind>("--fuser", "The method. Default: emma.");
    private readonly Option<string?> _model = new("--model") { Description = "EMMA's weights: .safetensors or .pth, or a name from `models list`. Default: emma.", HelpName = "FILE" };
    private readonly Option<EngineKind?> _engine = Choice.Of<EngineKind>("--engine", "How EMMA's network is computed. Default: auto.");
    private readonly Option<string?> _device = new("--device") { Description = "Where the torch engine computes: auto, cpu, cuda or cuda:N.", HelpName = "DEVICE" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Processor threads of the network, 1 to 256. Default: one for each core.", HelpName = "N" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Pairs in one call of the network, 1 to 64.", HelpName = "N" };
    private readonly Option<FusionScale?> _scale = Choice.Of(
        "--scale", "Size at which the network runs. Default: 1.", new Dictionary<string, FusionScale> { ["1"] = FusionScale.Full, ["1/2"] = FusionScale.Half, ["1/4"] = FusionScale.Quarter });
    private readonly Option<LevelsMode?> _levels = Choice.Of<LevelsMode>("--levels", "Gray range. Default: emma smooth for video and per-frame for pictures, else none.");
    private readonly Option<string?> _registration = new("--registration") { Description = "The registration.json that aligns the cameras.", HelpName = "FILE" };
    private readonly Option<double?> _irOffset = new("--ir-offset") { Description = "Added to infrared capture times, ms. Default: the registration's.", HelpName = "MS" };
    private readonly Option<SourceDriver?> _driver = Choice.Of("--driver", "What decodes videos. Default: ffmpeg.", new Dictionary<string, SourceDriver> { ["ffmpeg"] = SourceDriver.Ffmpeg, ["opencv"] = SourceDriver.OpenCv });
    private readonly Option<Layout?> _layout = Choice.Of<Layout>("--layout", "What OUT shows. Default: fused.");
    private readonly Option<string[]> _also = new("--also") { Description = "One more output of the same run: LAYOUT=FILE. May be repeated.", HelpName = "LAYOUT=FILE" };
    private readonly Option<ColorMode?> _color = Choice.Of<ColorMode>("--color", "The visible's colour, or gray: the fused luma alone, full range. Default: keep.");
    private readonly Option<string?> _size = new("--size") { Description = "Size of the fused picture: visible, infrared or WxH. Default: visible.", HelpName = "SIZE" };
    private readonly Option<PairBy?> _pair = Choice.Of<PairBy>("--pair", "Pair frames by capture time or by number. Default: time; pictures by number.");
    private readonly Option<TimeSpan?> _start = Choice.Time("--start", "Where to begin, counted from the first visible frame.");
    private readonly Option<TimeSpan?> _duration = Choice.Time("--duration", "How much to fuse. Default: to the end.");
    private readonly Option<double?> _fps = new("--fps") { Description = "Frames per second of picture folders, 0.01 to 1000. Default: 25.", HelpName = "F" };
    private readonly Option<string?> _encoder = new("--encoder") { Description = "Video encoder, by ffmpeg's name. Default: libx264.", HelpName = "NAME" };
    private readonly Option<int?> _crf = new("--crf") { Description = "Quality of the encoder: 0 (lossless) to 51. Default: 18.", HelpName = "N" };
    private readonly Option<string?> _preset = new("--preset") { Description = "Speed of the encoder: ultrafast to veryslow. Default: medium.", HelpName = "NAME" };
    private readonly Option<string?> _config = new("--config") { Description = "A configuration file (config/emmastream.yml); the command line goes over it.", HelpName = "FILE" };
    private readonly Option<string?> _stream = new("--stream") { Description = "Which stream of the configuration, if it has several.", HelpName = "NAME" };
    private readonly Option<string?> _report = new("--report") { Description = "Writes what happened to every frame as JSON.", HelpName = "FILE.json" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints that report instead of a summary." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No progress and no summary." };
    private readonly Option<LogLevel?> _logLevel = Choice.Of<LogLevel>("--log-level", "What is logged. Default: information.");

    private readonly EmmaOnly _emmaOnly;

    public FuseVerb()
    {
        _emmaOnly = new EmmaOnly(_model, _engine, _device, _threads, _scale);
        Command = new Command("fuse", "Fuses an infrared and a visible recording into a file. Frames are paired by capture time; nothing is lost without being counted.")
        {
            _infrared, _visible, _output, _fuser, _model, _engine, _device, _threads, _batch, _scale, _levels, _registration, _irOffset, _driver,
            _layout, _also, _color, _size, _pair, _start, _duration, _fps, _encoder, _crf, _preset, _config, _stream, _report, _json, _quiet, _logLevel,
        };
        Command.SetAction((parsed, cancellationToken) => FuseRun.ExecuteAsync(Read(parsed), cancellationToken));
    }

    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream fuse --ir ir.mp4 --vi vi.mp4 -o fused.mp4",
        "emmastream fuse --ir ir.mp4 --vi vi.mp4 -o fused.mp4 --also side-by-side=compare.mp4 --report report.json",
        "emmastream fuse --ir ir.mp4 --vi vi.mp4 -o fused.mp4 --fuser laplacian",
        "emmastream fuse --ir both.mp4:left --vi both.mp4:right -o fused.mkv --registration registration.json",
        "emmastream fuse --ir pictures/ir --vi pictures/vi -o fused/ --color gray",
        "emmastream fuse --ir a.png --vi b.png -o out.npy --model weights.pth --levels none",
    ];

    public Command Command { get; }

    private FuseRequest Read(ParseResult parsed)
    {
        UsageProblems problems = new();
        EmmaStreamOptions file = OptionsFile.Load(parsed.GetValue(_config));
        StreamOptions stream = OverStream(OptionsFile.StreamOf(file, parsed.GetValue(_stream)), parsed, problems);
        FusionOptions fusion = OverFusion(file.Fusion, parsed);
        problems.AddOf([.. fusion.Problems("--"), .. stream.Output.Problems("--"), .. stream.Pairing.Problems("--")]);
        if (fusion.Fuser != FuserKind.Emma)
            problems.AddOf(_emmaOnly.Problems(parsed, ReportJson.NameOf(fusion.Fuser)));
        FuseRequest request = new()
        {
            Infrared = problems.Required(stream.Infrared.Source, "--ir is missing: give the infrared video, picture or folder"),
            Visible = problems.Required(stream.Visible.Source, "--vi is missing: give the visible video, picture or folder"),
            Output = problems.Required(parsed.GetValue(_output), "-o is missing: give the file or folder to write"),
            Layout = parsed.GetValue(_layout) ?? Layout.Fused,
            Also = [.. (parsed.GetValue(_also) ?? []).Select(text => ReadAlso(text, problems))],
            Stream = stream,
            Fusion = fusion,
            Log = parsed.GetValue(_logLevel) is { } level ? file.Log with { Level = level } : file.Log,
            InfraredOffset = problems.InfraredOffset(parsed.GetValue(_irOffset)),
            Driver = parsed.GetValue(_driver) ?? SourceDriver.Ffmpeg,
            PairBy = parsed.GetValue(_pair),
            Start = parsed.GetValue(_start) is { } start ? problems.Unless(start >= TimeSpan.Zero, start, $"--start is {start.TotalSeconds} s; it must not be negative") : TimeSpan.Zero,
            Duration = parsed.GetValue(_duration) is { } length ? problems.Unless(length > TimeSpan.Zero, length, $"--duration is {length.TotalSeconds} s; it must be above 0") : null,
            ImagesPerSecond = parsed.GetValue(_fps) is { } fps ? problems.Unless(fps is >= 0.01 and <= 1000, fps, $"--fps is {fps}; allowed are 0.01 to 1000") : null,
            Config = parsed.GetValue(_config),
            Report = parsed.GetValue(_report),
            Json = parsed.GetValue(_json),
            Quiet = parsed.GetValue(_quiet),
        };
        problems.ThrowIfAny();
        return request;
    }

    private StreamOptions OverStream(StreamOptions stream, ParseResult parsed, UsageProblems problems) => stream with
    {
        Infrared = stream.Infrared with { Source = parsed.GetValue(_infrared) ?? stream.Infrared.Source },
        Visible = stream.Visible with { Source = parsed.GetValue(_visible) ?? stream.Visible.Source },
        Registration = parsed.GetValue(_registration) ?? stream.Registration,
        Output = stream.Output with
        {
            Size = parsed.GetValue(_size) is not { } text ? stream.Output.Size
                : problems.Unless(OutputSize.TryParse(text, out OutputSize size), size, $"--size is '{text}'; allowed are visible, infrared and WxH, like 640x480"),
            Color = parsed.GetValue(_color) ?? stream.Output.Color,
            Encoder = parsed.GetValue(_encoder) ?? stream.Output.Encoder,
            Crf = parsed.GetValue(_crf) ?? stream.Output.Crf,
            Preset = parsed.GetValue(_preset) ?? stream.Output.Preset,
        },
    };

    private FusionOptions OverFusion(FusionOptions fusion, ParseResult parsed) => fusion with
    {
        Fuser = parsed.GetValue(_fuser) ?? fusion.Fuser,
        Model = parsed.GetValue(_model) ?? fusion.Model,
        Engine = parsed.GetValue(_engine) ?? fusion.Engine,
        Device = parsed.GetValue(_device) ?? fusion.Device,
        Threads = parsed.GetValue(_threads) ?? fusion.Threads,
        Batch = parsed.GetValue(_batch) ?? fusion.Batch,
        Scale = parsed.GetValue(_scale) ?? fusion.Scale,
        Levels = parsed.GetValue(_levels) ?? fusion.Levels,
    };

    private static ExtraOutput ReadAlso(string text, UsageProblems problems)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at > 0 && at < text.Length - 1 && LayoutNames.TryParse(text[..at], out Layout layout))
            return new ExtraOutput(layout, text[(at + 1)..]);
        problems.Add($"--also is '{text}'; give LAYOUT=FILE, where LAYOUT is {string.Join(", ", LayoutNames.All)}");
        return new ExtraOutput(Layout.Fused, "null");
    }
}
