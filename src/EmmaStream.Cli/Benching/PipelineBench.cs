using System.Diagnostics;
using System.Runtime.CompilerServices;
using EmmaStream.Cli.Running;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Classical;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Sinks;
using EmmaStream.Media.Sources;
using EmmaStream.Media.TestPattern;
using EmmaStream.Streaming;
using Serilog.Core;

namespace EmmaStream.Cli.Benching;

/// <summary>What the pipeline costs.</summary>
/// <param name="Size">Picture size.</param>
/// <param name="Frames">Frames a run.</param>
/// <param name="OursFps">Our pipeline with the average fuser, decode to encode, median of the runs.</param>
/// <param name="FfmpegFps">ffmpeg alone doing the same (blend=all_mode=average), same encoder and settings.</param>
/// <param name="Ratio">Ours / ffmpeg's.</param>
/// <param name="OwnMsPerFrame">Processor time of our process a frame without fusing: pipes, pairing, conversion.</param>
/// <param name="OwnShareAt30Fps">That as a share of one core at 30 frames per second.</param>
/// <param name="AllocatedBytesPerFrame">Managed memory allocated a frame after warm-up.</param>
internal sealed record PipelineRow(
    string Size, int Frames, double OursFps, double FfmpegFps, double Ratio, double OwnMsPerFrame, double OwnShareAt30Fps, long AllocatedBytesPerFrame);

/// <summary>Measures the whole pipeline against ffmpeg alone, in turn in one run, on clips of the test pattern.</summary>
internal sealed class PipelineBench(TimeProvider clock) : IDisposable
{
    private const int Rounds = 5, Crf = 23;
    private const string Preset = "veryfast";

    private readonly string _folder = Directory.CreateTempSubdirectory("emmastream-bench-").FullName;
    private readonly FfmpegInstallation _ffmpeg = new(clock);

    /// <summary>Measures at one size.</summary>
    public async Task<PipelineRow> MeasureAsync(FrameSize size, int frames, CancellationToken cancellationToken)
    {
        TestPatternOptions pattern = new() { VisibleSize = size, InfraredSize = size, VisibleRate = new(30, 1), InfraredRate = new(30, 1), Frames = frames };
        await PatternWriter.WriteAsync(StreamRole.Visible, pattern, Visible, Crf, cancellationToken).ConfigureAwait(false);
        await PatternWriter.WriteAsync(StreamRole.Infrared, pattern, Infrared, Crf, cancellationToken).ConfigureAwait(false);
        Samples ours = new(), theirs = new(), own = new();
        long allocated = 0;
        for (int round = -1; round < Rounds; round++)
        {
            (TimeSpan wall, TimeSpan cpu, long bytes) = await RunOursAsync(frames, cancellationToken).ConfigureAwait(false);
            TimeSpan alone = await RunFfmpegAsync().ConfigureAwait(false);
            if (round < 0)
                continue;
            ours.Add(wall);
            theirs.Add(alone);
            own.Add(cpu / frames);
            allocated = bytes / frames;
        }
        return new PipelineRow(
            size.ToString(), frames, Math.Round(frames * 1000 / ours.Median, 1), Math.Round(frames * 1000 / theirs.Median, 1),
            Math.Round(theirs.Median / ours.Median, 3), Math.Round(own.Median, 3), Math.Round(own.Median * 30 / 1000, 4), allocated);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Visible => Path.Combine(_folder, "vi.mp4");

    private string Infrared => Path.Combine(_folder, "ir.mp4");

    private async Task<(TimeSpan Wall, TimeSpan Own, long Allocated)> RunOursAsync(int frames, CancellationToken cancellationToken)
    {
        using FramePool pool = new();
        using IFuser fuser = new AverageFuser();
        using Process self = Process.GetCurrentProcess();
        long start = clock.GetTimestamp(), bytes = GC.GetTotalAllocatedBytes();
        TimeSpan cpu = self.TotalProcessorTime;
        SinkOptions options = new() { Preset = Preset, Crf = Crf, FrameRate = new RationalTime(30, 1) };
        Graph graph = Graph.Build(
            new GraphParts
            {
                Visible = await FrameSources.OpenAsync(Visible, new SourceOptions(), pool, _ffmpeg, cancellationToken).ConfigureAwait(false),
                Infrared = await FrameSources.OpenAsync(Infrared, new SourceOptions { LumaOnly = true }, pool, _ffmpeg, cancellationToken).ConfigureAwait(false),
                Fuser = fuser,
                Sinks = [await FrameSinks.CreateAsync(Path.Combine(_folder, "ours.mp4"), options, _ffmpeg, cancellationToken).ConfigureAwait(false)],
                Pool = pool,
            },
            clock, Logger.None, cancellationToken);
        StageOutcome outcome = await graph.RunAsync(cancellationToken).ConfigureAwait(false);
        if (outcome.Reason is { } reason)
            throw reason;
        if (graph.Ledger.Snapshot().Fused != frames)
            throw Fault.Output($"the bench fused {graph.Ledger.Snapshot().Fused} of {frames} frames");
        self.Refresh();
        return (clock.GetElapsedTime(start), self.TotalProcessorTime - cpu - graph.Timers["fuse"].Elapsed, GC.GetTotalAllocatedBytes() - bytes);
    }

    private async Task<TimeSpan> RunFfmpegAsync()
    {
        long start = clock.GetTimestamp();
        await FfmpegBlend.RunAsync(Visible, Infrared, Path.Combine(_folder, "ffmpeg.mp4"), Preset, Crf).ConfigureAwait(false);
        return clock.GetElapsedTime(start);
    }
}
