using System.Runtime.CompilerServices;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Frames;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.TestPattern;

namespace EmmaStream.Cli.Running;

/// <summary>Paints one view of the test pattern into a file or folder, whose place is tried before the first stroke.</summary>
internal sealed class PatternWriter : IAsyncDisposable
{
    private readonly FramePool _pool = new();
    private readonly TestPatternSource _source;
    private IFrameSink? _sink;

    private PatternWriter(StreamRole role, TestPatternOptions options) => _source = new TestPatternSource(role, options, _pool);

    /// <summary>Begins the output.</summary>
    /// <exception cref="Core.Faults.Fault">It cannot be written.</exception>
    public static async Task<PatternWriter> BeginAsync(StreamRole role, TestPatternOptions options, string path, int crf, CancellationToken cancellationToken)
    {
        PatternWriter writer = new(role, options);
        try
        {
            SinkOptions sinkOptions = new() { Crf = crf, Preset = "medium", FrameRate = writer._source.Description.FrameRate };
            writer._sink = await FrameSinks.CreateAsync(path, sinkOptions, new FfmpegInstallation(TimeProvider.System), cancellationToken).ConfigureAwait(false);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Paints all of it; what was painted before <paramref name="cancellationToken"/> is kept.</summary>
    /// <param name="tell">Told what was written, one line.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="Core.Faults.Fault">The output cannot be written.</exception>
    public async Task PaintAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        SinkEnding ending = SinkEnding.Failed;
        long frames = 0;
        try
        {
            while (!cancellationToken.IsCancellationRequested && await _source.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame)
            {
                using FusedFrame picture = new() { Fused = frame };
                await _sink!.WriteAsync(picture, cancellationToken).ConfigureAwait(false);
                frames++;
            }
            ending = cancellationToken.IsCancellationRequested ? SinkEnding.Interrupted : SinkEnding.Complete;
        }
        finally
        {
            if (await _sink!.CompleteAsync(ending).ConfigureAwait(false) is { } result)
                tell($"{result}: {Counted.Of(frames, "frame")}, {_source.Description.Format.Size}, {_source.Description.FrameRate} fps");
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Begins and paints, and tells nobody.</summary>
    /// <exception cref="Core.Faults.Fault">The file cannot be written.</exception>
    public static async Task WriteAsync(StreamRole role, TestPatternOptions options, string path, int crf, CancellationToken cancellationToken)
    {
        PatternWriter writer = await BeginAsync(role, options, path, crf, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ending = writer.ConfigureAwait(false);
        await writer.PaintAsync(_ => { }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_sink is not null)
            await _sink.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        _pool.Dispose();
    }
}
