using System.Globalization;
using System.Runtime.CompilerServices;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Nut;
using EmmaStream.Media.Probing;

namespace EmmaStream.Media.Sinks;

/// <summary>
/// Writes H.264 (or what another encoder makes) to .mp4, .mov or .mkv through an ffmpeg child. Times are exact and begin at 0; range and
/// matrix are tagged as the first frame has them. The file grows beside its final name and takes it when it is complete and playable.
/// </summary>
public sealed class VideoFileSink : IFrameSink
{
    private static readonly TimeSpan FailureLimit = TimeSpan.FromSeconds(5);

    private readonly PendingOutput _output;
    private readonly SinkOptions _options;
    private readonly FfmpegInstallation _ffmpeg;
    private readonly Func<bool> _writeFrame;
    private readonly SpaceReserve _space;
    private readonly CancellationTokenSource _patience;

    // Made with the first frame.
    private FfmpegProcess? _child;
    private NutWriter? _nut;
    private EncoderPicture? _picture;
    private Timestamp _first;
    private long _lastPts = -1;
    private Fault? _failure;

    // Handed from the writer to the pipe thread.
    private Frame? _frame;
    private long _pts;

    private VideoFileSink(PendingOutput output, SinkOptions options, FfmpegInstallation ffmpeg)
    {
        _output = output;
        _options = options;
        _ffmpeg = ffmpeg;
        _space = new SpaceReserve(output.TemporaryPath);
        _patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, ffmpeg.Clock);
        _patience.Token.UnsafeRegister(static sink => ((VideoFileSink)sink!)._child?.Kill(), this);
        _writeFrame = () => { _picture!.Write(_nut!, _pts, _frame!); return true; };
    }

    /// <inheritdoc/>
    public string Name => _output.FinalPath;

    /// <inheritdoc/>
    public bool NeedsRaw => false;

    /// <summary>What the user should know of the result, like a repeated row; null if nothing. Known after the first frame.</summary>
    public string? Note { get; private set; }

    /// <summary>Frames whose time was not after the one before and was set 1/90000 s after it.</summary>
    public long MovedTimes { get; private set; }

    /// <summary>Begins a file. The encoder starts with the first frame.</summary>
    /// <exception cref="Fault">The extension or encoder is unknown, the folder cannot be written, or ffmpeg is missing.</exception>
    public static async Task<VideoFileSink> CreateAsync(string path, SinkOptions options, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        FfmpegFacts facts = await ffmpeg.ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (ContainerOf(path) is null)
            throw Fault.Usage($"{path}: no video is written as '{Path.GetExtension(path)}'. Use .mp4, .mov or .mkv");
        if (!facts.Encoders.Contains(options.Encoder))
            throw Fault.Usage($"{path}: ffmpeg {facts.Version} has no video encoder '{options.Encoder}'. See: ffmpeg -encoders");
        return new VideoFileSink(PendingOutput.File(path), options, ffmpeg);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken)
    {
        if (_failure is not null)
            throw _failure;
        cancellationToken.ThrowIfCancellationRequested();
        if (_space.Take() is { } free)
            throw _failure = Fault.Output($"{Name}: the disk is nearly full ({free >> 20} MiB left), stopped before it is. Free some space or write elsewhere");
        using Frame picture = _options.Compose(frame);
        if (_child is null)
            await StartAsync(picture, cancellationToken).ConfigureAwait(false);
        _frame = picture;
        _pts = NextPts(picture.CaptureTime);
        try
        {
            // A write lasts as long as the encoder needs for a frame or two; one that hangs is given up a while after it was cancelled.
            using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static sink => ((VideoFileSink)sink!)._patience.CancelAfter(FailureLimit), this);
            return await _child!.OnPipeThreadAsync(_writeFrame).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            ChildExit exit = await _child!.EndAsync(FailureLimit).ConfigureAwait(false);
            _failure = Failed(exit, e);
            cancellationToken.ThrowIfCancellationRequested();
            throw _failure;
        }
        finally
        {
            _frame = null;
            if (cancellationToken.IsCancellationRequested)
                _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> CompleteAsync(SinkEnding ending)
    {
        if (_child is null)
        {
            _output.Discard();
            return null;
        }
        ChildExit exit = await _child.EndAsync(_options.FinishLimit).ConfigureAwait(false);
        if (exit.Succeeded)
            return _output.Publish(ending);
        // A broken encoder may still have left something that plays.
        string? kept = await IsPlayableAsync().ConfigureAwait(false) ? _output.Publish(SinkEnding.Failed) : null;
        if (kept is null)
            _output.Discard();
        return _failure is not null || ending != SinkEnding.Complete ? kept : throw Failed(exit, null, kept);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync().ConfigureAwait(false);
        _picture?.Dispose();
        _patience.Dispose();
        _output.Discard();
    }

    private static string? ContainerOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".mp4" => "mp4",
        ".mov" => "mov",
        ".mkv" => "matroska",
        _ => null,
    };

    private async Task StartAsync(Frame first, CancellationToken cancellationToken)
    {
        _picture = new EncoderPicture(first.Format);
        if (_picture.IsPadded)
            Note = $"{Name}: {first.Size} has an odd side, which H.264 cannot hold: the last row or column is repeated ({_picture.Format.Size})";
        _first = first.CaptureTime;
        _child = await _ffmpeg.StartAsync(Arguments(_picture.Format), ChildPipes.Input, cancellationToken).ConfigureAwait(false);
        _nut = new NutWriter(_child.Input);
        try
        {
            await _child.OnPipeThreadAsync(() => { _nut.WriteHeader(_picture.Stream); return true; }).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw _failure = Failed(await _child.EndAsync(FailureLimit).ConfigureAwait(false), e);
        }
    }

    // Times only increase: players and muxers take nothing else.
    private long NextPts(Timestamp time)
    {
        long pts = RationalTime.Video.ToTicks(new Timestamp(time.Nanoseconds - _first.Nanoseconds));
        if (pts <= _lastPts)
        {
            pts = _lastPts + 1;
            MovedTimes++;
        }
        return _lastPts = pts;
    }

    private List<string> Arguments(FrameFormat format)
    {
        string container = ContainerOf(Name)!;
        bool isX26 = _options.Encoder is "libx264" or "libx265";
        List<string> arguments = ["-v", "error", "-nostats", "-y", "-f", "nut", "-i", "pipe:0", "-an", "-copyts", "-fps_mode", "passthrough", "-enc_time_base", "1/90000"];
        arguments.AddRange(["-vf", $"format=yuv420p,{Tags(format)}", "-c:v", _options.Encoder]);
        if ((_options.Preset ?? (isX26 ? "veryfast" : null)) is { } preset)
            arguments.AddRange(["-preset", preset]);
        if ((_options.Crf ?? (isX26 ? 20 : null)) is { } crf)
            arguments.AddRange(["-crf", crf.ToString(CultureInfo.InvariantCulture)]);
        // The length in an mp4 counts decoding times; with B-frames those lag behind a long last step, and players cut the end off.
        if (container != "matroska")
            arguments.AddRange(["-bf", "0", "-video_track_timescale", "90000", "-movflags", "+faststart"]);
        else   // its muxer keeps back a cluster of up to 5 MB, more than the reserve of disk space allows for
            arguments.AddRange(["-cluster_size_limit", "1000000"]);
        if (container != "matroska" && _options.FrameRate is { IsValid: true } rate)   // counts for the last frame only, which has no successor
            arguments.AddRange(["-bsf:v", $"setts=duration={rate.Denominator}/{rate.Numerator}/TB"]);
        // Without this every Matroska file gets a random identity: two runs give identical bytes.
        arguments.AddRange(["-fflags", "+bitexact", "-f", container, "file:" + _output.TemporaryPath]);
        return arguments;
    }

    // Tags on the frames, not options of the encoder: newer ffmpeg would convert to reach those.
    private static string Tags(FrameFormat format)
    {
        string colors = format.Matrix == ColorMatrix.Bt709 ? "bt709" : "smpte170m";
        return $"setparams=range={(format.Range == ColorRange.Full ? "pc" : "tv")}:colorspace={colors}:color_primaries={colors}:color_trc={colors}";
    }

    private Fault Failed(ChildExit exit, Exception? inner, string? kept = null)
    {
        const string Full = "No space left";
        // ffmpeg tells the cause first and last only that it gave up.
        string cause = exit.Stderr.FirstOrDefault(l => l.Contains(Full, StringComparison.Ordinal)) ?? exit.Stderr.LastOrDefault(l => !l.StartsWith("Error ", StringComparison.Ordinal)
            && !l.StartsWith("Could not write header", StringComparison.Ordinal) && !l.StartsWith("Conversion failed", StringComparison.Ordinal)) ?? exit.Cause;
        cause = _output.InUsersWords(cause);
        string cure = cause.Contains(Full, StringComparison.Ordinal)
            ? "Free some space or write elsewhere"
            : $"Check that '{_options.Encoder}' with these options makes what {Path.GetExtension(Name)} can hold, or take another encoder";
        string rest = kept is null ? "" : $"; what was written is in {kept}";
        return Fault.Output($"{Name}: the encoder failed ({cause}){rest}. {cure}", inner);
    }

    private async Task<bool> IsPlayableAsync()
    {
        try
        {
            await MediaProbe.ReadAsync(_output.TemporaryPath, _ffmpeg, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (Fault)
        {
            return false;
        }
    }
}
