using System.Runtime.CompilerServices;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Nut;
using EmmaStream.Media.Probing;

namespace EmmaStream.Media.Sources;

/// <summary>
/// A video file, decoded by an ffmpeg child. Every frame keeps the PTS that the file gives it, start offset included, and its levels: range
/// and matrix are told, never converted. Rotation is applied as players do. A file that breaks off ends with a fault after its last good frame; where
/// the container cannot tell (MPEG-TS, raw H.264), damage at the end is a note, like damage in the middle.
/// </summary>
public sealed class VideoFileSource : IFrameSource
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly ProbedVideo _video;
    private readonly SourceOptions _options;
    private readonly FramePool _pool;
    private readonly FfmpegProcess _child;
    private readonly NutReader _nut;
    private readonly Func<bool> _readFrame;
    private RationalTime _timeBase;
    private bool _ended;
    private Frame? _first;   // read when the source is opened: a source without a frame is refused before anything is written

    // Handed from the pipe thread to the reader.
    private Frame? _frame;
    private long _count;
    private Timestamp _lastTime;

    private VideoFileSource(ProbedVideo video, SourceOptions options, FramePool pool, FfmpegProcess child)
    {
        _video = video;
        _options = options;
        _pool = pool;
        _child = child;
        _nut = new NutReader(child.Output, new NutLimits());
        _readFrame = ReadFrame;
        Description = null!;   // OpenAsync sets it before anyone sees the source
    }

    /// <inheritdoc/>
    public SourceDescription Description { get; private set; }

    /// <inheritdoc/>
    public string? Note { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="Fault">The file cannot be opened or decoded, holds no frame or none in the part asked for, or ffmpeg is missing.</exception>
    public static async Task<VideoFileSource> OpenAsync(
        string path, SourceOptions options, FramePool pool, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        ProbedVideo video = await MediaProbe.ReadAsync(path, ffmpeg, cancellationToken).ConfigureAwait(false);
        FfmpegProcess child = await ffmpeg.StartAsync(VideoFileArguments.For(video, options), ChildPipes.Output, cancellationToken)
            .ConfigureAwait(false);
        VideoFileSource source = new(video, options, pool, child);
        try
        {
            await source.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            source._first = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            return source;
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        if (_ended)
            return null;
        bool isThere;
        try
        {
            // A cancelled read ends the child: the source cannot go on afterwards.
            using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static child => ((FfmpegProcess)child!).Kill(), _child);
            isThere = await _child.OnPipeThreadAsync(_readFrame).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _ended = true;
            cancellationToken.ThrowIfCancellationRequested();
            throw Broken(await _child.EndAsync(EndLimit).ConfigureAwait(false), e);
        }
        Frame? frame = Interlocked.Exchange(ref _frame, null);
        if (cancellationToken.IsCancellationRequested)
        {
            _ended = true;
            frame?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
        }
        if (isThere)
            return frame;
        _ended = true;
        await EndAsync().ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        await _child.DisposeAsync().ConfigureAwait(false);
        Interlocked.Exchange(ref _frame, null)?.Dispose();
        Interlocked.Exchange(ref _first, null)?.Dispose();
    }

    private async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static child => ((FfmpegProcess)child!).Kill(), _child);
            await _child.OnPipeThreadAsync(() => { _nut.ReadHeader(); return true; }).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ChildExit exit = await _child.EndAsync(EndLimit).ConfigureAwait(false);
            throw Fault.Input($"{_video.Path}: cannot be decoded ({exit.Cause}). Check that the file is complete", e);
        }
        NutStream stream = _nut.Streams[0];
        _timeBase = stream.TimeBase;
        FrameFormat format = new(VideoFileArguments.PixelsOf(_video, _options), new FrameSize(stream.Width, stream.Height), _video.Range, _video.Matrix);
        string half = _options.Half == PictureHalf.Whole ? "" : $", {(_options.Half == PictureHalf.Left ? "left" : "right")} half";
        Description = new SourceDescription(_video.Path, format, _video.FrameRate, FramesExpected(), _video.Detail + half) { HasAudio = _video.HasAudio };
    }

    private long? FramesExpected()
    {
        if (_video.FrameCount is not { } count || (_options.Start <= TimeSpan.Zero && _options.Duration is null))
            return _video.FrameCount;
        if (!_video.FrameRate.IsValid)
            return null;
        double rate = _video.FrameRate.Value;
        long left = Math.Max(0, count - (long)(_options.Start.TotalSeconds * rate));
        return _options.Duration is { } duration ? Math.Min(left, (long)Math.Ceiling(duration.TotalSeconds * rate)) : left;
    }

    // On the pipe thread.
    private bool ReadFrame()
    {
        if (!_nut.TryReadFrame(out NutFrame head))
            return false;
        FrameFormat format = Description.Format;
        if (head.Size != format.ByteSize)
            throw new NutException($"a frame of {head.Size} bytes where {format} has {format.ByteSize}");
        long pts = ToVideoTicks(head.Pts);
        Timestamp time = RationalTime.Video.ToTimestamp(pts);
        Frame frame = _pool.Rent(format, new FrameStamp(time, pts, _count, Description.Name));
        try
        {
            _nut.ReadPayload(frame.WritableBytes);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
        _count++;
        _lastTime = time;
        _frame = frame;
        return true;
    }

    private long ToVideoTicks(long pts) =>
        _timeBase == RationalTime.Video ? pts : RationalTime.Video.ToTicks(_timeBase.ToTimestamp(pts));

    private async Task EndAsync()
    {
        ChildExit exit = await _child.EndAsync(EndLimit).ConfigureAwait(false);
        if (!exit.Succeeded)
            throw Broken(exit, null);
        bool emptyPart = _count == 0 && _options.IsPart;
        if (Truncation.CauseOf(exit, !emptyPart && IsShort()) is { } cause)
            throw Fault.Input($"{_video.Path}: the file breaks off after {Counted.Of(_count, "frame")} ({cause}). Record or copy it again");
        if (emptyPart && !_options.MayBeEmpty)
            throw _options.EmptyPart(_video.Path, _video.Duration);
        if (_count == 0 && !emptyPart)
            throw Fault.Input($"{_video.Path}: holds no frame that can be decoded ({exit.Cause}). Record or copy it again");
        if (_child.StderrLineCount > 0)
            Note = $"{_video.Path}: ffmpeg reports damage, or an end that is cut off, in {Counted.Of(_child.StderrLineCount, "line")}, the last: {exit.Cause}. {Counted.Of(_count, "frame")} came out; some may look broken";
    }

    private Fault Broken(ChildExit exit, IOException? e) =>
        Fault.Input($"{_video.Path}: the decoder broke off after {Counted.Of(_count, "frame")} ({(exit.Succeeded && e is not null ? e.Message : exit.Cause)}). Check that the file is complete", e);

    // Whether a frame is missing before the end that the container declares: the last one lies a period before it.
    private bool IsShort()
    {
        if (_options.Duration is not null || _video.Duration is not { } duration || !_video.FrameRate.IsValid)
            return false;
        TimeSpan read = _count == 0 ? TimeSpan.Zero : _lastTime - _video.Start;
        return duration - read > _video.FrameRate.Period * 1.5;
    }
}
