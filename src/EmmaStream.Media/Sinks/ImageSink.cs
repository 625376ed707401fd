using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;

namespace EmmaStream.Media.Sinks;

/// <summary>Writes one picture file at the frame's own size; a second frame is an error of usage.</summary>
public sealed class ImageSink : IFrameSink
{
    private readonly SinkOptions _options;
    private readonly PendingOutput _output;
    private bool _written, _refused;

    /// <summary>Begins the file.</summary>
    /// <exception cref="Fault">The folder cannot be written.</exception>
    public ImageSink(string path, SinkOptions options)
    {
        _options = options;
        _output = PendingOutput.File(path);
    }

    /// <inheritdoc/>
    public string Name => _output.FinalPath;

    /// <inheritdoc/>
    public bool NeedsRaw => false;

    /// <inheritdoc/>
    public ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken)
    {
        _refused = _written;
        if (_refused)
            throw Fault.Usage($"{Name}: is one picture, but there are more frames. Name a folder (with / at its end) or a video (.mp4, .mkv), or take one frame with --duration");
        using Frame picture = _options.Compose(frame);
        _output.WritePicture(_output.TemporaryPath, picture);
        _written = true;
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask<string?> CompleteAsync(SinkEnding ending)
    {
        if (_written && !_refused)   // the first of many is not what was asked for
            return ValueTask.FromResult<string?>(_output.Publish(ending));
        _output.Discard();
        return ValueTask.FromResult<string?>(null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _output.Discard();
        return ValueTask.CompletedTask;
    }
}
