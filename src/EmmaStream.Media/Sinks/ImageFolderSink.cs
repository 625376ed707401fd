using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;

namespace EmmaStream.Media.Sinks;

/// <summary>Writes a folder with one picture file a frame, each at its own size. The folder appears under its name when it is complete.</summary>
public sealed class ImageFolderSink : IFrameSink
{
    private readonly SinkOptions _options;
    private readonly PendingOutput _output;
    private long _count;

    /// <summary>Begins the folder.</summary>
    /// <exception cref="Fault">The name is taken by something that is not an empty folder, or it cannot be written there.</exception>
    public ImageFolderSink(string path, SinkOptions options)
    {
        if (!StillImage.Extensions.Contains(options.PictureExtension))
            throw Fault.Usage($"{path}: pictures cannot be written as '{options.PictureExtension}'. Use one of {string.Join(' ', StillImage.Extensions)}");
        _options = options;
        _output = PendingOutput.Folder(path);
    }

    /// <inheritdoc/>
    public string Name => _output.FinalPath;

    /// <inheritdoc/>
    public bool NeedsRaw => false;

    /// <inheritdoc/>
    public ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(Path.Combine(_output.TemporaryPath, _options.PictureName(frame) + _options.PictureExtension));
        if (!path.StartsWith(_output.TemporaryPath + "/", StringComparison.Ordinal))
            throw Fault.Output($"{Name}: {_options.PictureName(frame)} lies outside of the folder. Give names without ..");
        if (File.Exists(path))
            throw Fault.Output($"{Name}: two frames have the name {Path.GetRelativePath(_output.TemporaryPath, path)}. Give every picture a name of its own");
        using Frame picture = _options.Compose(frame);
        _output.Try(() => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        _output.WritePicture(path, picture);
        _count++;
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask<string?> CompleteAsync(SinkEnding ending)
    {
        if (_count > 0)
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
