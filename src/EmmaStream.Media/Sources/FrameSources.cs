using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Media.Ffmpeg;

namespace EmmaStream.Media.Sources;

/// <summary>Opens a source by what its path is: a folder of pictures, a picture, or a video file.</summary>
public static class FrameSources
{
    /// <summary>Opens a source; its caller disposes it.</summary>
    /// <param name="path">File or folder.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="pool">Lends the frames.</param>
    /// <param name="ffmpeg">Asked only where a video is read.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="Fault">It cannot be opened.</exception>
    public static async Task<IFrameSource> OpenAsync(
        string path, SourceOptions options, FramePool pool, FfmpegInstallation ffmpeg, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return await ImageSource.OpenFolderAsync(path, options, pool, cancellationToken).ConfigureAwait(false);
        if (StillImage.IsPicture(path))
            return await ImageSource.OpenAsync(path, [path], options, pool, cancellationToken).ConfigureAwait(false);
        return options.Driver == SourceDriver.OpenCv
            ? await OpenCvFileSource.OpenAsync(path, options, pool, ffmpeg, cancellationToken).ConfigureAwait(false)
            : await VideoFileSource.OpenAsync(path, options, pool, ffmpeg, cancellationToken).ConfigureAwait(false);
    }
}
