using System.Runtime.CompilerServices;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.TestPattern;

namespace EmmaStream.Cli.Running;

/// <summary>Paints one view of the test pattern into a file.</summary>
internal static class PatternWriter
{
    /// <summary>Paints it.</summary>
    /// <param name="role">Which view.</param>
    /// <param name="options">What it shows.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="crf">Quality of a video.</param>
    /// <param name="tell">Told what was written, one line.</param>
    /// <param name="cancellationToken">Ends it early; what was painted is kept.</param>
    /// <exception cref="Core.Faults.Fault">The file cannot be written.</exception>
    public static async Task WriteAsync(StreamRole role, TestPatternOptions options, string path, int crf, Action<string> tell, CancellationToken cancellationToken)
    {
        using FramePool pool = new();
        TestPatternSource source = new(role, options, pool);
        await using ConfiguredAsyncDisposable sourceEnding = source.ConfigureAwait(false);
        SinkOptions sinkOptions = new() { Crf = crf, Preset = "medium", FrameRate = source.Description.FrameRate };
        IFrameSink sink = await FrameSinks.CreateAsync(path, sinkOptions, new FfmpegInstallation(TimeProvider.System), cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable sinkEnding = sink.ConfigureAwait(false);
        SinkEnding ending = SinkEnding.Failed;
        try
        {
            while (!cancellationToken.IsCancellationRequested && await source.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame)
            {
                using FusedFrame picture = new() { Fused = frame };
                await sink.WriteAsync(picture, cancellationToken).ConfigureAwait(false);
            }
            ending = cancellationToken.IsCancellationRequested ? SinkEnding.Interrupted : SinkEnding.Complete;
        }
        finally
        {
            if (await sink.CompleteAsync(ending).ConfigureAwait(false) is { } result)
                tell($"{result}: {source.Description.FrameCount} frames, {source.Description.Format.Size}, {source.Description.FrameRate} fps");
        }
        cancellationToken.ThrowIfCancellationRequested();
    }
}
