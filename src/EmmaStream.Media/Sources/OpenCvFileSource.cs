using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Probing;
using OpenCvSharp;

namespace EmmaStream.Media.Sources;

/// <summary>
/// A video file, decoded by OpenCV's VideoCapture: the second driver. It delivers gray8 and gray16 as they are, of 8-bit yuv420p the luma
/// alone (OpenCV's colours would be a stretched conversion), and RGB as bgr24. Its times count from the first frame: two recordings with a
/// common clock lose their offset. Formats that OpenCV returns as garbage are refused.
/// </summary>
public sealed class OpenCvFileSource : IFrameSource
{
    private readonly VideoCapture _capture;
    private readonly Mat _decoded = new();
    private readonly SourceOptions _options;
    private readonly FramePool _pool;
    private readonly BlockingThread _thread = new("opencv reader");
    private readonly Func<bool> _readNext;
    private readonly MatType _type;

    // Handed from the thread to the reader.
    private Frame? _frame;
    private long _count;

    // Owned by the reader: read when the source is opened, so that a source without a frame is refused before anything is written.
    private Frame? _first;

    private OpenCvFileSource(VideoCapture capture, ProbedVideo video, SourceOptions options, FramePool pool)
    {
        _capture = capture;
        _options = options;
        _pool = pool;
        _readNext = ReadNext;
        (PixelFormat pixels, _type) = Layout(video);
        FrameSize size = options.Half == PictureHalf.Whole ? video.ShownSize : new FrameSize(video.ShownSize.Width / 2, video.ShownSize.Height);
        FrameFormat format = new(pixels, size, pixels == PixelFormat.Bgr24 ? ColorRange.Full : video.Range, video.Matrix);
        string luma = video.Samples.Kind == SampleKind.Yuv ? "; luma only, no colour" : "";
        Description = new SourceDescription(
            video.Path, format, video.FrameRate, video.FrameCount, $"{video.Detail}, by OpenCV{luma}; times count from the first frame");
    }

    /// <inheritdoc/>
    public SourceDescription Description { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="Fault">The file cannot be opened, holds no frame or none in the part asked for, or its format is one that OpenCV does not decode faithfully.</exception>
    public static async Task<OpenCvFileSource> OpenAsync(
        string path, SourceOptions options, FramePool pool, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        ProbedVideo video = await MediaProbe.ReadAsync(path, ffmpeg, cancellationToken).ConfigureAwait(false);
        _ = Layout(video);
        // OpenCV warns on stderr for every luma frame, and reads this variable when it is loaded.
        Libc.SetEnvironment("OPENCV_LOG_LEVEL", "ERROR");
        VideoCapture capture = new(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG);
        if (!capture.IsOpened())
        {
            capture.Dispose();
            throw Fault.Input($"{path}: OpenCV cannot open it. Use --driver ffmpeg");
        }
        if (video.Samples.Kind != SampleKind.Rgb)
            capture.Set(VideoCaptureProperties.ConvertRgb, 0);
        OpenCvFileSource source = new(capture, video, options, pool);
        try
        {
            source._first = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (source._first is null && !(options.IsPart && options.MayBeEmpty))
                throw options.IsPart ? options.EmptyPart(path, video.Duration) : Fault.Input($"{path}: OpenCV decodes no frame of it. Use --driver ffmpeg");
            return source;
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        return await _thread.RunAsync(_readNext).ConfigureAwait(false) ? Interlocked.Exchange(ref _frame, null) : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _thread.DisposeAsync().ConfigureAwait(false);
        Interlocked.Exchange(ref _frame, null)?.Dispose();
        Interlocked.Exchange(ref _first, null)?.Dispose();
        _decoded.Dispose();
        _capture.Dispose();
    }

    // Tried one by one: gray16be and every YUV of more than 8 bits come back as garbage bytes, packed and 4:2:2 YUV in other layouts.
    private static (PixelFormat Pixels, MatType Type) Layout(ProbedVideo video) => video.Samples.Name switch
    {
        "gray" => (PixelFormat.Gray8, MatType.CV_8UC1),
        "gray16le" => (PixelFormat.Gray16, MatType.CV_16UC1),
        "yuv420p" or "yuvj420p" => (PixelFormat.Gray8, MatType.CV_8UC1),
        "rgb24" or "bgr24" or "bgr0" or "rgb0" or "0rgb" or "0bgr" or "gbrp" => (PixelFormat.Bgr24, MatType.CV_8UC3),
        string other => throw Fault.Usage($"{video.Path}: OpenCV does not decode {other} faithfully. Use --driver ffmpeg"),
    };

    // On the thread.
    private bool ReadNext()
    {
        Timestamp time;
        do
        {
            if (!_capture.Read(_decoded) || _decoded.Empty())
                return false;
            time = Timestamp.FromMilliseconds(_capture.Get(VideoCaptureProperties.PosMsec));
        }
        while (time < default(Timestamp) + _options.Start);
        if (_options.Duration is { } duration && time >= default(Timestamp) + (_options.Start + duration))
            return false;
        _frame = ToFrame(time);
        return true;
    }

    private Frame ToFrame(Timestamp time)
    {
        FrameFormat format = Description.Format;
        int wanted = _options.Half == PictureHalf.Whole ? format.Size.Width : _decoded.Width / 2;
        if (_decoded.Type() != _type || _decoded.Height != format.Size.Height || wanted != format.Size.Width)
            throw Fault.Input($"{Description.Name}: OpenCV delivered {_decoded.Width}x{_decoded.Height} of type {_decoded.Type()} where {format} was expected. Use --driver ffmpeg");
        Frame frame = _pool.Rent(format, new FrameStamp(time, RationalTime.Video.ToTicks(time), _count++, Description.Name));
        using Mat view = FrameMats.WritableView(frame);
        if (_options.Half == PictureHalf.Whole)
        {
            _decoded.CopyTo(view);
            return frame;
        }
        using Mat half = _decoded.ColRange(_options.Half == PictureHalf.Left ? 0 : wanted, _options.Half == PictureHalf.Left ? wanted : 2 * wanted);
        half.CopyTo(view);
        return frame;
    }
}
