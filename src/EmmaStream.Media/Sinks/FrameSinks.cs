using EmmaStream.Core.Faults;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;

namespace EmmaStream.Media.Sinks;

/// <summary>Begins a sink by what its path is.</summary>
public static class FrameSinks
{
    /// <summary>
    /// Begins a sink; its caller completes and disposes it. .mp4 .mov .mkv: video; .npy: raw network output; a picture's extension: one picture;
    /// a name that ends with / or has no extension, or an existing folder: a folder of pictures; "null" or /dev/null: nothing.
    /// </summary>
    /// <param name="path">Where the result goes.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="ffmpeg">Asked only where a video is written.</param>
    /// <param name="cancellationToken">Ends the beginning.</param>
    /// <exception cref="Fault">The extension is unknown, or it cannot be written there.</exception>
    public static async Task<IFrameSink> CreateAsync(string path, SinkOptions options, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (NullSink.IsNamed(path))
            return new NullSink();
        if (path == "-")
            throw Fault.Usage("-: nothing is written to standard output. Name a file, a folder (with / at its end) or null");
        if (path.EndsWith('/') || extension.Length == 0 || Directory.Exists(path))
            return new ImageFolderSink(path, options);
        if (StillImage.IsPicture(path))
            return new ImageSink(path, options);
        return extension switch
        {
            ".npy" => new NpySink(path),
            ".mp4" or ".mov" or ".mkv" => await VideoFileSink.CreateAsync(path, options, ffmpeg, cancellationToken).ConfigureAwait(false),
            _ => throw Fault.Usage($"{path}: nothing is written as '{extension}'. Use .mp4, .mov, .mkv, .npy, a picture ({string.Join(' ', StillImage.Extensions)}) or a folder (with / at its end)"),
        };
    }
}
