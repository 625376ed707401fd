using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Core.Time;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Probing;
using EmmaStream.Media.Sources;
using Serilog;

namespace EmmaStream.Cli.Running;

/// <summary>What the two inputs are.</summary>
internal enum InputKind
{
    /// <summary>Two videos.</summary>
    Videos,

    /// <summary>Two folders of pictures, paired by name.</summary>
    Folders,

    /// <summary>Two pictures.</summary>
    Pictures,
}

/// <summary>The two sources of a run, opened so that they belong together.</summary>
/// <param name="Infrared">Infrared frames.</param>
/// <param name="Visible">Visible frames.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Names">Names of the pairs of pictures, by sequence number; null for videos.</param>
internal sealed record InputPair(IFrameSource Infrared, IFrameSource Visible, InputKind Kind, IReadOnlyList<string>? Names = null) : IAsyncDisposable
{
    private bool _handedOver;

    // Infrared frames from a little before the start may pair with the first visible one, and a little after the end with the last.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>From here on the graph disposes the sources.</summary>
    public void HandOver() => _handedOver = true;

    /// <summary>Refuses an output that is one picture where more frames are known to come.</summary>
    /// <exception cref="Fault">There is such an output.</exception>
    public void RequireOneFrameFor(IEnumerable<string> outputs)
    {
        SourceDescription visible = Visible.Description;
        string? picture = outputs.FirstOrDefault(o => StillImage.IsPicture(o) && !Directory.Exists(o));
        if (picture is null || !(visible.FrameCount > 1))
            return;
        int milliseconds = visible.FrameRate.IsValid ? Math.Max(1, (int)visible.FrameRate.Period.TotalMilliseconds) : 1;
        throw Fault.Usage($"{picture}: is one picture, but {visible.Name} gives about {Counted.Of(visible.FrameCount ?? 0, "frame")}. Name a folder (with / at its end) or a video (.mp4, .mkv), or take one frame with --duration {milliseconds}ms");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_handedOver)
            return;
        await Infrared.DisposeAsync().ConfigureAwait(false);
        await Visible.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Opens both.</summary>
    /// <exception cref="Fault">One cannot be opened, or they do not belong together.</exception>
    public static async Task<InputPair> OpenAsync(FuseRequest request, FramePool pool, FfmpegInstallation ffmpeg, ILogger log, CancellationToken cancellationToken)
    {
        (string infrared, PictureHalf infraredHalf) = SplitHalf(request.Infrared);
        (string visible, PictureHalf visibleHalf) = SplitHalf(request.Visible);
        SourceOptions options = new()
        {
            Driver = request.Driver,
            Start = request.Start,
            Duration = request.Duration,
            ImageRate = Rate(request.ImagesPerSecond),
        };
        InputKind kind = KindOf(infrared, visible);
        if (kind == InputKind.Folders)
            return await OpenFoldersAsync(infrared, visible, options, pool, log, cancellationToken).ConfigureAwait(false);
        if (SamePath(infrared, visible) && infraredHalf == visibleHalf)
            log.Warning("--ir and --vi are the same file ({Path}): the picture is fused with itself. For a side-by-side video give FILE:left and FILE:right", infrared);

        SourceOptions visibleOptions = options with { Half = visibleHalf };
        SourceOptions infraredOptions = options with { Half = infraredHalf, LumaOnly = true, MayBeEmpty = true };
        if (kind == InputKind.Videos && (request.Start > TimeSpan.Zero || request.Duration is not null))
            infraredOptions = await AlignAsync(infrared, visible, infraredOptions, request, ffmpeg, cancellationToken).ConfigureAwait(false);
        (IFrameSource infraredSource, IFrameSource visibleSource) = await OpenBothAsync(
            FrameSources.OpenAsync(infrared, infraredOptions, pool, ffmpeg, cancellationToken), FrameSources.OpenAsync(visible, visibleOptions, pool, ffmpeg, cancellationToken)).ConfigureAwait(false);
        return new(infraredSource, visibleSource, kind);
    }

    /// <summary>What two inputs are together, in words for people, without opening them; of two folders, the pairs.</summary>
    /// <exception cref="Fault">They do not belong together.</exception>
    public static (string Text, PairedImages? Folders) Describe(string infrared, string visible)
    {
        (infrared, visible) = (FileOf(infrared), FileOf(visible));
        switch (KindOf(infrared, visible))
        {
            case InputKind.Videos:
                return ("two videos, paired by capture time", null);
            case InputKind.Pictures:
                return ("two pictures", null);
            default:
                PairedImages found = PairedFolders.Match(infrared, visible);
                string[] parts =
                [
                    $"{Counted.Of(found.Pairs.Count, "pair")} of pictures by name",
                    .. found.InfraredAlone.Count > 0 ? [WithoutPartner("infrared", found.InfraredAlone)] : Array.Empty<string>(),
                    .. found.VisibleAlone.Count > 0 ? [WithoutPartner("visible", found.VisibleAlone)] : Array.Empty<string>(),
                ];
                return (string.Join("; ", parts), found);
        }
    }

    /// <summary>The file or folder that an input means: without :left or :right.</summary>
    public static string FileOf(string input) => SplitHalf(input).Path;

    /// <summary>An input without :left or :right, and which half those ask for.</summary>
    /// <exception cref="Fault">It asks for another part of a file.</exception>
    public static (string Path, PictureHalf Half) SplitHalf(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || Path.Exists(text))
            return (text, PictureHalf.Whole);
        (string file, string half) = (text[..colon], text[(colon + 1)..]);
        if (half is "left" or "right")
            return (file, half == "left" ? PictureHalf.Left : PictureHalf.Right);
        return File.Exists(file)
            ? throw Fault.Usage($"{text}: {file} has no half '{half}'. Of a side-by-side video {file}:left and {file}:right are legal")
            : (text, PictureHalf.Whole);
    }

    // Probing takes a tenth of a second each: at the same time. If one fails, the other is closed again.
    private static async Task<(T Infrared, T Visible)> OpenBothAsync<T>(Task<T> infrared, Task<T> visible) where T : IFrameSource
    {
        try
        {
            T[] both = await Task.WhenAll(infrared, visible).ConfigureAwait(false);
            return (both[0], both[1]);
        }
        catch
        {
            foreach (Task<T> opened in new[] { infrared, visible }.Where(t => t.IsCompletedSuccessfully))
                await (await opened.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<InputPair> OpenFoldersAsync(
        string infrared, string visible, SourceOptions options, FramePool pool, ILogger log, CancellationToken cancellationToken)
    {
        PairedImages found = PairedFolders.Match(infrared, visible);
        Tell(log, "infrared", found.InfraredAlone);
        Tell(log, "visible", found.VisibleAlone);
        (ImageSource infraredSource, ImageSource visibleSource) = await OpenBothAsync(
            ImageSource.OpenAsync(infrared, [.. found.Pairs.Select(p => p.Infrared)], options with { MayBeEmpty = true }, pool, cancellationToken),
            ImageSource.OpenAsync(visible, [.. found.Pairs.Select(p => p.Visible)], options, pool, cancellationToken)).ConfigureAwait(false);
        return new(infraredSource, visibleSource, InputKind.Folders, [.. found.Pairs.Select(p => p.Name)]);
    }

    // The same stretch of real time in the infrared recording, whose own zero may lie elsewhere.
    private static async Task<SourceOptions> AlignAsync(
        string infrared, string visible, SourceOptions options, FuseRequest request, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        if (request.PairBy == PairBy.Index)
            return options;
        Timestamp visibleStart = (await MediaProbe.ReadAsync(visible, ffmpeg, cancellationToken).ConfigureAwait(false)).Start;
        Timestamp infraredStart = (await MediaProbe.ReadAsync(infrared, ffmpeg, cancellationToken).ConfigureAwait(false)).Start;
        TimeSpan from = visibleStart + request.Start - infraredStart - (request.InfraredOffset ?? TimeSpan.Zero) - Margin;
        TimeSpan begin = from > TimeSpan.Zero ? from : TimeSpan.Zero;
        return options with
        {
            Start = begin,
            Duration = request.Duration is { } duration ? Later(from + duration + 2 * Margin - begin, TimeSpan.FromTicks(1)) : null,
        };
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static InputKind KindOf(string infrared, string visible)
    {
        InputKind first = KindOf(infrared), second = KindOf(visible);
        return first == second
            ? first
            : throw Fault.Usage($"--ir is {Words(first)} and --vi is {Words(second)}; give two of a kind");
    }

    private static InputKind KindOf(string path) =>
        Directory.Exists(path) ? InputKind.Folders : StillImage.IsPicture(path) ? InputKind.Pictures : InputKind.Videos;

    private static string Words(InputKind kind) => kind switch { InputKind.Folders => "a folder", InputKind.Pictures => "a picture", _ => "a video" };

    private static bool SamePath(string a, string b) => Path.Exists(a) && FileIdentity.Of(a) == FileIdentity.Of(b);

    private static RationalTime Rate(double? perSecond) =>
        perSecond is { } fps ? new((long)Math.Round(fps * 1000), 1000) : new(25, 1);

    private static string WithoutPartner(string which, IReadOnlyList<NamedImage> alone) =>
        $"{Counted.Of(alone.Count, $"{which} picture")} without a partner, left out: {string.Join(", ", alone.Select(a => Path.GetFileName(a.Path)))}";

    private static void Tell(ILogger log, string which, IReadOnlyList<NamedImage> alone)
    {
        if (alone.Count > 0)
            log.Warning("{Alone}", WithoutPartner(which, alone));
    }
}
