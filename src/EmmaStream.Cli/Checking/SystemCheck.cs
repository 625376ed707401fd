using System.Runtime.CompilerServices;
using System.Text.Json;
using EmmaStream.Cli.Benching;
using EmmaStream.Cli.Fusers;
using EmmaStream.Cli.Models;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Cli.Running;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sources;
using EmmaStream.Registration.Files;

namespace EmmaStream.Cli.Checking;

/// <summary>What to check.</summary>
internal sealed record CheckRequest(string? Infrared, string? Visible, string? Registration, string? Config, string? Model, bool Json);

/// <summary>One thing that was checked.</summary>
/// <param name="Name">The thing.</param>
/// <param name="IsGood">Whether it is as it should be; null: it is not needed.</param>
/// <param name="Text">What was found, or what to do.</param>
internal sealed record CheckLine(string Name, bool? IsGood, string Text);

/// <summary>One run of <c>emmastream check</c>.</summary>
internal sealed class SystemCheck
{
    private readonly List<CheckLine> _lines = [];
    private Fault? _first;
    private string _fuser = "";
    private int _smallestSide, _reduction = 1;

    /// <summary>Checks everything and prints it.</summary>
    /// <returns>0 when all that is needed is good, else the code of the first fault.</returns>
    public static async Task<int> ExecuteAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        EmmaStreamOptions options = OptionsFile.Load(request.Config);
        SystemCheck check = new();
        FfmpegInstallation ffmpeg = new(TimeProvider.System);
        await check.TryAsync("ffmpeg", async () =>
        {
            FfmpegFacts facts = await ffmpeg.ProbeAsync(cancellationToken).ConfigureAwait(false);
            return $"{facts.Version}, {facts.Encoders.Count} video encoders, libx264 among them ({facts.Ffmpeg})";
        }).ConfigureAwait(false);
        await check.TryAsync("OpenCV", () => Task.FromResult(OpenCvLibrary.Version())).ConfigureAwait(false);
        check.AddTorch();
        check.Add("models", null, ModelLibrary.Installed.Count == 0 ? "none installed" : string.Join(", ", ModelLibrary.Installed.Select(Path.GetFileNameWithoutExtension)));
        await check.AddFuserAsync(request, options, cancellationToken).ConfigureAwait(false);
        IEnumerable<(string Name, StreamOptions Stream)> streams = options.Streams.Count > 0 ? options.Streams.Select(s => (s.Key, s.Value)) : [("main", new StreamOptions())];
        foreach ((string name, StreamOptions stream) in streams)
            await check.AddStreamAsync(name, stream, request, ffmpeg, cancellationToken).ConfigureAwait(false);
        check.Print(request.Json);
        return check._first is { } fault ? ExitCodes.Of(fault) : ExitCodes.Done;
    }

    private void AddTorch()
    {
        (bool? isGood, string text) = TorchEngine.Describe();
        Add("TorchSharp", isGood, text);
    }

    private Task<bool> AddFuserAsync(CheckRequest request, EmmaStreamOptions options, CancellationToken cancellationToken)
    {
        FusionOptions fusion = request.Model is { } model ? options.Fusion with { Fuser = FuserKind.Emma, Model = model } : options.Fusion;
        return TryAsync("fuser", () =>
        {
            using IFuser fuser = FuserFactory.Create(fusion);
            (_fuser, _smallestSide, _reduction) = (fuser.Name, fuser.SmallestSide, (int)fusion.Scale);
            using CaseBench bench = new(new(new(fusion.Fuser), new FrameSize(640, 480), fusion.Scale), fuser, TimeProvider.System);
            bench.WarmUp(Turns.Length);
            for (int turn = 0; turn < 3; turn++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bench.Turn(Turns.Length);
            }
            return Task.FromResult($"{fuser.Name}: {bench.MedianMs:0.0} ms a 640x480 pair ({1000 / bench.MedianMs:0} fps) without decoding and encoding");
        });
    }

    private async Task AddStreamAsync(string name, StreamOptions stream, CheckRequest request, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        (string? infraredPath, string? visiblePath) = (request.Infrared ?? stream.Infrared.Source, request.Visible ?? stream.Visible.Source);
        PairedImages? folders = null;
        bool belong = true;
        if (infraredPath is not null && visiblePath is not null)
        {
            belong = await TryAsync($"{name} pair", () =>
            {
                (string text, folders) = InputPair.Describe(infraredPath, visiblePath);
                return Task.FromResult(text);
            }).ConfigureAwait(false);
        }
        SourceDescription? infrared = await AddSourceAsync(
            $"{name} infrared", infraredPath, folders?.Pairs.Select(p => p.Infrared), ffmpeg, cancellationToken).ConfigureAwait(false);
        SourceDescription? visible = await AddSourceAsync(
            $"{name} visible", visiblePath, folders?.Pairs.Select(p => p.Visible), ffmpeg, cancellationToken).ConfigureAwait(false);
        FrameSize? registered = null;
        if ((request.Registration ?? stream.Registration) is { } path)
        {
            await TryAsync($"{name} registration", () =>
            {
                RegistrationFile file = RegistrationFile.Load(path);
                if (infrared is not null && visible is not null)
                    file.ThrowUnlessFits(infrared.Format.Size, visible.Format.Size);
                registered = file.Output;
                return Task.FromResult($"{path}: infrared {file.Infrared} into visible {file.Visible}, output {file.Output}, offset {file.TimeOffsetMs} ms");
            }).ConfigureAwait(false);
        }
        if (!belong || infrared is null || visible is null)
            return;
        OutputSize output = stream.Output.Size;
        FrameSize size = output.Fixed ?? (output.FromInfrared ? infrared.Format.Size : registered ?? visible.Format.Size);
        if (IsTooSmall(size))
        {
            await TryAsync($"{name} graph", () => throw new Fault(FaultKind.Fusion,
                $"{_fuser}: {size} at scale 1/{_reduction} is too small. The smallest side of what it sees is {_smallestSide}. Use a larger scale or another fuser")).ConfigureAwait(false);
            return;
        }
        Add($"{name} graph", null, $"visible {visible.Format.Size} + infrared {infrared.Format.Size} -> pair -> register -> fuse at {output} -> tee -> outputs");
    }

    private bool IsTooSmall(FrameSize size) => (Math.Min(size.Width, size.Height) + _reduction - 1) / _reduction < _smallestSide;

    // Of folders that are paired, the pictures that have a partner.
    private async Task<SourceDescription?> AddSourceAsync(
        string name, string? path, IEnumerable<string>? pictures, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        SourceDescription? found = null;
        if (path is null)
            return found;
        await TryAsync(name, async () =>
        {
            using FramePool pool = new();
            (string file, PictureHalf half) = InputPair.SplitHalf(path);
            IFrameSource source = pictures is null
                ? await FrameSources.OpenAsync(file, new SourceOptions { Half = half }, pool, ffmpeg, cancellationToken).ConfigureAwait(false)
                : await ImageSource.OpenAsync(file, [.. pictures], new SourceOptions(), pool, cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable ending = source.ConfigureAwait(false);
            using Frame? first = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            found = source.Description;
            string rate = found.FrameRate.IsValid ? $"{found.FrameRate.Value:0.###} fps" : "no declared rate";
            string count = found.FrameCount is { } n ? $"about {Counted.Of(n, "frame")}" : "length unknown";
            return $"{found.Name}: {found.Format.Size}, {found.Format.Pixels}, {found.Format.Range} range, {rate}, {count}, first at {first?.CaptureTime.Seconds:0.000} s; {found.Detail}";
        }).ConfigureAwait(false);
        return found;
    }

    private async Task<bool> TryAsync(string name, Func<Task<string>> find)
    {
        try
        {
            Add(name, true, await find().ConfigureAwait(false));
            return true;
        }
        catch (Fault fault)
        {
            _first ??= fault;
            Add(name, false, fault.Message);
            return false;
        }
    }

    private void Add(string name, bool? isGood, string text) => _lines.Add(new(name, isGood, text));

    private void Print(bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { good = _first is null, checks = _lines }, ReportJson.Options));
            return;
        }
        int width = _lines.Max(l => l.Name.Length);
        foreach (CheckLine line in _lines)
            Console.Out.WriteLine($"{line.IsGood switch { true => "ok  ", false => "FAIL", _ => "    " }} {line.Name.PadRight(width)}  {line.Text}");
    }
}
