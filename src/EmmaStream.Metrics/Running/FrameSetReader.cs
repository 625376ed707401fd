using System.Runtime.CompilerServices;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sources;
using EmmaStream.Metrics.Html;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;
using EmmaStream.Metrics.Temporal;

namespace EmmaStream.Metrics.Running;

/// <summary>
/// Reads infrared, visible and every method's video side by side and makes windows of the frames to measure. It ends with the shortest; a
/// source that breaks ends it too and is remembered. One reader at a time.
/// </summary>
internal sealed class FrameSetReader : IAsyncDisposable
{
    private const int NamesShown = 10;

    private readonly EvaluationOptions _options;
    private readonly InfraredRegistration? _registration;
    private readonly FramePictures? _pictures;
    private readonly GrayPlaneReader _planes;
    private readonly string[] _paths;
    private readonly List<IFrameSource> _sources = [];
    private readonly List<string> _notes = [];
    private SourcePairs? _pairs;   // once open
    private Timestamp? _start;
    private bool _infraredEnded;
    private int _alone;   // visible frames without an infrared one near in time

    private FrameSetReader(EvaluationOptions options, InfraredRegistration? registration, FramePictures? pictures, FramePool pool)
    {
        (_options, _registration, _pictures) = (options, registration, pictures);
        _planes = new GrayPlaneReader(pool);
        _paths = [options.Infrared, options.Visible, .. options.Fused.Select(f => f.Path)];
    }

    /// <summary>Frames that will be measured, as far as the containers tell.</summary>
    public long? ExpectedFrames { get; private set; }

    /// <summary>What a reader of the figures must know.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Why a source ended early; null when none did.</summary>
    public Fault? Broken { get; private set; }

    public string? BrokenSource { get; private set; }

    /// <summary>The fault where no frame could be measured.</summary>
    public Fault NothingMeasured() => _alone > 0
        ? Fault.Input($"none of the {Counted.Of(_alone, "visible frame")} has an infrared frame near in time. Correct --ir-offset or the registration's timeOffsetMs, or pair by number with --pair index")
        : Fault.Input($"{_sources[^1].Description.Name}: has no frame to measure. Give a video with frames");

    public static async Task<FrameSetReader> OpenAsync(
        EvaluationOptions options, InfraredRegistration? registration, FramePictures? pictures, FramePool pool, TimeProvider clock, CancellationToken cancellationToken)
    {
        FrameSetReader reader = new(options, registration, pictures, pool);
        try
        {
            FfmpegInstallation ffmpeg = new(clock);
            PairedImages? paired = Directory.Exists(options.Infrared) && Directory.Exists(options.Visible) ? PairedFolders.Match(options.Infrared, options.Visible) : null;
            reader.NoteAlone(paired);
            foreach (string path in reader._paths)
            {
                reader._sources.Add(paired is not null && reader._sources.Count < 2
                    ? await ImageSource.OpenAsync(path, [.. paired.Pairs.Select(p => reader._sources.Count == 0 ? p.Infrared : p.Visible)], new SourceOptions(), pool, cancellationToken).ConfigureAwait(false)
                    : await FrameSources.OpenAsync(path, new SourceOptions(), pool, ffmpeg, cancellationToken).ConfigureAwait(false));
            }
            FrameSetChecks.Refuse(reader._sources, registration);
            reader._pairs = new SourcePairs(reader._sources[0], reader._sources[1], options.Pairing(registration));
            long? shortest = reader._sources.Min(s => s.Description.FrameCount);
            reader.ExpectedFrames = reader._sources.All(s => s.Description.FrameCount > 0) ? (shortest + options.Every - 1) / options.Every : null;
            return reader;
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Windows of the frames to measure, in order.</summary>
    public async IAsyncEnumerable<FrameWindow> WindowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FrameSet? previous = null;
        FrameStep? before = null;
        for (int number = 0; ; number++)
        {
            Frame?[] frames = await ReadAsync(cancellationToken).ConfigureAwait(false);
            bool complete = frames.Skip(1).All(f => f is not null) && !_infraredEnded;
            FrameSet? current = null;
            try
            {
                if (!complete)
                    NoteEnd(number, frames);
                else if (frames[0] is null)
                    _alone++;
                else if (IsNeeded(number))
                    current = Take(number, frames!);
            }
            finally
            {
                foreach (Frame? frame in frames)
                    frame?.Dispose();
            }
            FrameStep? step = previous is not null && current is not null ? new FrameStep(previous, current) : null;
            if (previous is not null && previous.Number % _options.Every == 0)
                yield return new FrameWindow(before, previous, step);
            if (!complete)
                yield break;
            (previous, before) = (current, step);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _pairs?.Dispose();
        foreach (IFrameSource source in _sources)
            await source.DisposeAsync().ConfigureAwait(false);
    }

    // A frame is needed to be measured, or as the neighbour of one that is.
    private bool IsNeeded(int number) => number % _options.Every is int r && (r <= 1 || r == _options.Every - 1);

    private async Task<Frame?[]> ReadAsync(CancellationToken cancellationToken)
    {
        Task<FramePair?> pair = _pairs!.ReadAsync(cancellationToken);
        Task<Frame?>[] fused = [.. _sources.Skip(2).Select(s => FrameSetChecks.ReadAsync(s, cancellationToken))];
        Frame?[] frames = new Frame?[_sources.Count];
        OperationCanceledException? cancelled = null;
        for (int i = 1; i < frames.Length; i++)
        {
            try
            {
                if (i > 1)
                    frames[i] = await fused[i - 2].ConfigureAwait(false);
                else if (await pair.ConfigureAwait(false) is { } read)
                    (frames[0], frames[1], _infraredEnded) = (read.Partner, read.Master, read.Reason == FrameReason.PartnerEnded);
            }
            catch (Fault fault)
            {
                (Broken, BrokenSource) = (fault, (i == 1 ? _pairs.Reading : _sources[i]).Description.Name);
            }
            catch (OperationCanceledException e)
            {
                cancelled = e;
            }
        }
        if (cancelled is null)
            return frames;
        foreach (Frame? frame in frames)
            frame?.Dispose();
        throw new OperationCanceledException(cancelled.Message, cancelled, cancellationToken);
    }

    private FrameSet Take(int number, Frame[] frames)
    {
        GrayPlane[] planes = [.. frames.Select(_ => new GrayPlane(1, 1))];
        for (int i = 0; i < frames.Length; i++)
            _planes.Take(frames[i], planes[i]);
        _registration?.Apply(planes[0], planes[1]);
        _start ??= frames[1].CaptureTime;
        FrameSet set = new(number, planes[0], planes[1], planes[2..]) { Seconds = (frames[1].CaptureTime - _start.Value).TotalSeconds };
        if (number % _options.Every == 0)
            _pictures?.Save(set, _registration is null ? frames : null);
        return set;
    }

    private void NoteEnd(int number, Frame?[] frames)
    {
        if (GrayPlaneReader.NarrowedNote(_planes.NarrowedPictures) is { } narrowed)
            _notes.Add(narrowed);
        _notes.AddRange(_sources.Select(s => s.Note).OfType<string>());
        if (_alone > 0)
            _notes.Add($"{_alone} visible frames have no infrared frame near in time and were not measured.");
        if (Broken is not null)
            _notes.Add($"{BrokenSource} broke after frame {number}: the figures are over what came before.");
        else if (frames.Any(f => f is not null))
            _notes.Add($"The videos differ in length: measured to the end of the shortest, {number} frames ({string.Join(", ", _sources.Where((_, i) => i == 0 ? _infraredEnded : frames[i] is null).Select(s => s.Description.Name))}).");
    }

    // Folders of both sources are paired by name, as for fusion: a fused video has no frame of a picture without a partner.
    private void NoteAlone(PairedImages? paired)
    {
        if (paired is null || paired.InfraredAlone.Count + paired.VisibleAlone.Count == 0)
            return;
        List<string> names = [.. paired.InfraredAlone.Concat(paired.VisibleAlone).Select(a => a.Path)];
        _notes.Add($"{names.Count} pictures without a partner are no frames: {string.Join(", ", names.Take(NamesShown))}{(names.Count > NamesShown ? ", ..." : "")}.");
    }
}
