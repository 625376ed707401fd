using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Running;
using EmmaStream.Core.Files;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Files;
using EmmaStream.Media.TestPattern;
using EmmaStream.Registration;
using EmmaStream.Registration.Files;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream testpattern</c>: paints the street at night into two files, with everything known that calibration has to find.</summary>
internal sealed class TestPatternVerb
{
    // About 1.2 degrees, 5 % larger, a few pixels aside, a little perspective: what two cameras on one bracket look like.
    private static readonly double[] Misalignment = [1.0498, -0.0220, -9.0, 0.0220, 1.0498, -18.0, 0.00001, 0.00002, 1];

    private readonly Option<string> _infrared = new("--ir") { Description = "Where the infrared view goes: .mp4, .mkv or a folder of pictures.", HelpName = "OUT", Required = true };
    private readonly Option<string> _visible = new("--vi") { Description = "Where the visible view goes.", HelpName = "OUT", Required = true };
    private readonly Option<string> _size = new("--size") { Description = "Size of both views.", HelpName = "WxH", DefaultValueFactory = _ => "640x480" };
    private readonly Option<string?> _infraredSize = new("--ir-size") { Description = "Size of the infrared view, if it is another.", HelpName = "WxH" };
    private readonly Option<string> _fps = new("--fps") { Description = "Frames per second of both views, like 25 or 30000/1001.", HelpName = "F", DefaultValueFactory = _ => "25" };
    private readonly Option<string?> _infraredFps = new("--ir-fps") { Description = "Frames per second of the infrared view, if it is another.", HelpName = "F" };
    private readonly Option<TimeSpan?> _duration = Choice.Time("--duration", "Length of both. Default: 5s.");
    private readonly Option<double> _irOffset = new("--ir-offset") { Description = "How far the infrared's clock is behind, ms.", HelpName = "MS" };
    private readonly Option<bool> _misaligned = new("--misaligned") { Description = "The infrared camera stands a little aside, turned and closer." };
    private readonly Option<string?> _registration = new("--registration") { Description = "Writes the true registration.json.", HelpName = "FILE" };
    private readonly Option<int> _infraredBits = new Option<int>("--ir-bits") { Description = "8, or 16 (into a folder of pictures).", DefaultValueFactory = _ => 8 }.AcceptOnlyFromAmong("8", "16");
    private readonly Option<double> _noise = new("--noise") { Description = "Standard deviation of the noise, gray levels, 0 to 10.", DefaultValueFactory = _ => 1.2 };
    private readonly Option<int> _seed = new("--seed") { Description = "Another street for another number.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _crf = new("--crf") { Description = "Quality of the videos: 0 (lossless) to 51.", DefaultValueFactory = _ => 18 };

    public TestPatternVerb()
    {
        Command = new Command("testpattern", "Paints a street at night as an infrared and a visible camera see it, with a frame counter that can be read back.")
        {
            _infrared, _visible, _size, _infraredSize, _fps, _infraredFps, _duration, _irOffset, _misaligned, _registration, _infraredBits, _noise, _seed, _crf,
        };
        Command.SetAction((parsed, cancellationToken) => Signals.RunAsync(signals => ExecuteAsync(parsed, signals), cancellationToken));
    }

    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream testpattern --ir ir.mp4 --vi vi.mp4",
        "emmastream testpattern --ir ir.mp4 --vi vi.mp4 --misaligned --registration registration.json --duration 10s",
        "emmastream testpattern --ir ir.mkv --vi vi.mkv --ir-size 320x240 --ir-fps 9 --fps 30 --ir-offset 40",
    ];

    public Command Command { get; }

    private async Task<int> ExecuteAsync(ParseResult parsed, Signals signals)
    {
        TestPatternOptions options = Read(parsed);
        PathClashes.Refuse(
            [], [new("--ir", parsed.GetRequiredValue(_infrared)), new("--vi", parsed.GetRequiredValue(_visible)), new("--registration", parsed.GetValue(_registration))]);
        // Every place is tried before the first is written.
        if (parsed.GetValue(_registration) is { } path)
            CompleteFile.Require(path);
        int crf = parsed.GetValue(_crf);
        PatternWriter visible = await PatternWriter.BeginAsync(StreamRole.Visible, options, parsed.GetRequiredValue(_visible), crf, signals.Token).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable visibleEnding = visible.ConfigureAwait(false);
        PatternWriter infrared = await PatternWriter.BeginAsync(StreamRole.Infrared, options, parsed.GetRequiredValue(_infrared), crf, signals.Token).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable infraredEnding = infrared.ConfigureAwait(false);
        await visible.PaintAsync(Console.Out.WriteLine, signals.Token).ConfigureAwait(false);
        await infrared.PaintAsync(Console.Out.WriteLine, signals.Token).ConfigureAwait(false);
        // Last: an older one belongs to the older pictures, which are whole until here.
        if (parsed.GetValue(_registration) is { } registration && !signals.Token.IsCancellationRequested)
            RegistrationOf(options).Save(registration);
        return ExitCodes.Done;
    }

    private TestPatternOptions Read(ParseResult parsed)
    {
        UsageProblems problems = new();
        FrameSize visible = Size("--size", parsed.GetRequiredValue(_size), problems);
        FrameSize infrared = parsed.GetValue(_infraredSize) is { } text ? Size("--ir-size", text, problems) : visible;
        RationalTime fps = Rate("--fps", parsed.GetRequiredValue(_fps), problems);
        TestPatternOptions options = new()
        {
            VisibleSize = visible,
            InfraredSize = infrared,
            VisibleRate = fps,
            InfraredRate = parsed.GetValue(_infraredFps) is { } rate ? Rate("--ir-fps", rate, problems) : fps,
            Duration = parsed.GetValue(_duration) ?? TimeSpan.FromSeconds(5),
            InfraredOffset = TimeSpan.FromMilliseconds(Math.Clamp(parsed.GetValue(_irOffset), -1e6, 1e6)),
            Infrared16Bit = parsed.GetValue(_infraredBits) == 16,
            Noise = parsed.GetValue(_noise),
            Seed = parsed.GetValue(_seed),
        };
        problems.AddOf(options.Problems("--").Select(InOurOptions).Distinct());
        if (options.Infrared16Bit && Path.HasExtension(parsed.GetRequiredValue(_infrared)))
            problems.Add("--ir-bits 16 needs a folder of pictures for --ir: videos here hold 8 bits");
        int crf = parsed.GetValue(_crf);
        problems.Unless(crf is >= 0 and <= 51, crf, $"--crf is {crf}; allowed are 0 to 51");
        problems.ThrowIfAny();
        return parsed.GetValue(_misaligned) ? options with { Homography = Misaligned(options) } : options;
    }

    // The misalignment is written for 640x480; other sizes see the same street.
    private static double[] Misaligned(TestPatternOptions options)
    {
        FrameSize written = new(640, 480);
        Homography misalignment = Homography.Of(Misalignment);
        return [.. (Homography.Scale(written, options.VisibleSize) * misalignment * Homography.Scale(options.InfraredSize, written)).Values];
    }

    private static RegistrationFile RegistrationOf(TestPatternOptions options) => new()
    {
        Infrared = options.InfraredSize,
        Visible = options.VisibleSize,
        Output = options.VisibleSize,
        InfraredToVisible = Homography.Of(options.InfraredToVisible),
        TimeOffsetMs = options.InfraredOffset.TotalMilliseconds,
    };

    // Records name their properties; a user gave options.
    private static string InOurOptions(string problem) => problem
        .Replace("visibleSize", "size", StringComparison.Ordinal).Replace("infraredSize", "ir-size", StringComparison.Ordinal)
        .Replace("visibleRate", "fps", StringComparison.Ordinal).Replace("infraredRate", "ir-fps", StringComparison.Ordinal)
        .Replace("infraredOffset", "ir-offset", StringComparison.Ordinal);

    private static FrameSize Size(string name, string text, UsageProblems problems)
    {
        if (OutputSize.TryParse(text, out OutputSize size) && size.Fixed is { } pixels)
            return pixels;
        problems.Add($"{name} is '{text}'; give WxH, like 640x480");
        return new FrameSize(640, 480);
    }

    private static RationalTime Rate(string name, string text, UsageProblems problems)
    {
        string[] parts = text.Split('/');
        if (parts.Length == 2 && long.TryParse(parts[0], out long n) && long.TryParse(parts[1], out long d) && n > 0 && d > 0)
            return new(n, d);
        if (parts.Length == 1 && double.TryParse(text, CultureInfo.InvariantCulture, out double fps) && fps > 0 && fps < 1e6)
            return fps == Math.Floor(fps) ? new((long)fps, 1) : new((long)Math.Round(fps * 1000), 1000);
        problems.Add($"{name} is '{text}'; give frames per second, like 25 or 30000/1001");
        return new(25, 1);
    }
}
