using EmmaStream.Cli.Running;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Fusion;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.Sources;
using EmmaStream.Media.TestPattern;
using EmmaStream.Streaming;
using EmmaStream.Streaming.Fusing;
using Serilog.Core;

namespace EmmaStream.Cli.Benching;

/// <summary>What one run of the pipeline took.</summary>
/// <param name="Wall">From the opening of the clips to the closed file.</param>
/// <param name="Fusing">In the fuser's calls, by the clock on the wall.</param>
/// <param name="Processor">Processor time of our process from the first frame on; decoder and encoder are other processes.</param>
/// <param name="AllocatedBytes">Managed memory allocated.</param>
internal sealed record PipelineTimes(TimeSpan Wall, TimeSpan Fusing, TimeSpan Processor, long AllocatedBytes);

/// <summary>Two clips of the test pattern in a folder of their own, and the pipeline and ffmpeg to run over them: decode, fuse, encode.</summary>
/// <param name="size">Picture size.</param>
/// <param name="frames">Length of the clips.</param>
/// <param name="clock">The clock.</param>
internal sealed class BenchPipeline(FrameSize size, int frames, TimeProvider clock) : IDisposable
{
    private const int Crf = 23;
    private const string Preset = "veryfast";

    private readonly string _folder = Directory.CreateTempSubdirectory("emmastream-bench-").FullName;
    private readonly FfmpegInstallation _ffmpeg = new(clock);

    private string Visible => Path.Combine(_folder, "vi.mp4");

    private string Infrared => Path.Combine(_folder, "ir.mp4");

    /// <summary>Makes the clips.</summary>
    public async Task WriteClipsAsync(CancellationToken cancellationToken)
    {
        TestPatternOptions pattern = new() { VisibleSize = size, InfraredSize = size, VisibleRate = new(30, 1), InfraredRate = new(30, 1), Frames = frames };
        await PatternWriter.WriteAsync(StreamRole.Visible, pattern, Visible, Crf, cancellationToken).ConfigureAwait(false);
        await PatternWriter.WriteAsync(StreamRole.Infrared, pattern, Infrared, Crf, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Our pipeline with a fuser.</summary>
    /// <exception cref="Fault">It failed, or did not fuse every frame.</exception>
    public async Task<PipelineTimes> RunAsync(IFuser fuser, FusionSettings settings, CancellationToken cancellationToken)
    {
        using FramePool pool = new();
        TimedFuser timed = new(fuser, clock);
        long start = clock.GetTimestamp(), bytes = GC.GetTotalAllocatedBytes();
        SinkOptions options = new() { Preset = Preset, Crf = Crf, FrameRate = new RationalTime(30, 1) };
        Graph graph = Graph.Build(
            new GraphParts
            {
                Visible = await FrameSources.OpenAsync(Visible, new SourceOptions(), pool, _ffmpeg, cancellationToken).ConfigureAwait(false),
                Infrared = await FrameSources.OpenAsync(Infrared, new SourceOptions { LumaOnly = true }, pool, _ffmpeg, cancellationToken).ConfigureAwait(false),
                Fuser = timed,
                Fusion = settings,
                Sinks = [await FrameSinks.CreateAsync(Path.Combine(_folder, "ours.mp4"), options, _ffmpeg, cancellationToken).ConfigureAwait(false)],
                Pool = pool,
            },
            clock, Logger.None, cancellationToken);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        StageOutcome outcome = await graph.RunAsync(cancellationToken).ConfigureAwait(false);
        processor = Environment.CpuUsage.TotalTime - processor;
        if (outcome.Reason is { } reason)
            throw reason;
        if (graph.Ledger.Snapshot().Fused != frames)
            throw Fault.Output($"the bench fused {graph.Ledger.Snapshot().Fused} of {frames} frames");
        return new(clock.GetElapsedTime(start), timed.Elapsed, processor, GC.GetTotalAllocatedBytes() - bytes);
    }

    /// <summary>ffmpeg alone: blend=all_mode=average, same encoder and settings.</summary>
    public async Task<TimeSpan> RunFfmpegAsync()
    {
        long start = clock.GetTimestamp();
        await FfmpegBlend.RunAsync(Visible, Infrared, Path.Combine(_folder, "ffmpeg.mp4"), Preset, Crf).ConfigureAwait(false);
        return clock.GetElapsedTime(start);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
