using EmmaStream.Cli.Reports;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion.Classical;
using EmmaStream.Streaming.Fusing;

namespace EmmaStream.Cli.Benching;

/// <summary>What the pipeline costs.</summary>
/// <param name="Size">Picture size.</param>
/// <param name="Frames">Frames a run.</param>
/// <param name="OursFps">Our pipeline with the average fuser, decode to encode, median of the runs.</param>
/// <param name="FfmpegFps">ffmpeg alone doing the same (blend=all_mode=average), same encoder and settings.</param>
/// <param name="Ratio">Ours / ffmpeg's.</param>
/// <param name="OwnMsPerFrame">Processor time of our process a frame without fusing: pipes, pairing, conversion.</param>
/// <param name="OwnShareAt30Fps">That as a share of one core at 30 frames per second.</param>
/// <param name="AllocatedBytesPerFrame">Managed memory allocated in a run by its frames: opening and closing are in it, so that short runs say more.</param>
internal sealed record PipelineRow(
    string Size, int Frames, double OursFps, double FfmpegFps, double Ratio, double OwnMsPerFrame, double OwnShareAt30Fps, long AllocatedBytesPerFrame);

/// <summary>Measures the whole pipeline against ffmpeg alone, in turn in one run, on clips of the test pattern.</summary>
/// <param name="progress">Told what runs.</param>
/// <param name="clock">The clock.</param>
internal sealed class PipelineBench(StatusLine progress, TimeProvider clock)
{
    private const int Rounds = 5;

    /// <summary>Measures at one size.</summary>
    public async Task<PipelineRow> MeasureAsync(FrameSize size, int frames, CancellationToken cancellationToken)
    {
        using BenchPipeline pipeline = new(size, frames, clock);
        progress.Offer(() => $"{size}: writes clips");
        await pipeline.WriteClipsAsync(cancellationToken).ConfigureAwait(false);
        using AverageFuser average = new();
        Samples ours = new(), theirs = new(), own = new();
        long allocated = 0;
        for (int round = 0; round <= Rounds; round++)   // the first warms up
        {
            progress.Offer(() => $"{size}: round {round} of {Rounds}");
            PipelineTimes times = await pipeline.RunAsync(average, new FusionSettings(), cancellationToken).ConfigureAwait(false);
            TimeSpan alone = await pipeline.RunFfmpegAsync().ConfigureAwait(false);
            if (round == 0)
                continue;
            ours.Add(times.Wall);
            theirs.Add(alone);
            own.Add((times.Processor - times.Fusing) / frames);
            allocated = times.AllocatedBytes / frames;
        }
        return new PipelineRow(
            size.ToString(), frames, Math.Round(frames * 1000 / ours.Median, 1), Math.Round(frames * 1000 / theirs.Median, 1),
            Math.Round(theirs.Median / ours.Median, 3), Math.Round(own.Median, 3), Math.Round(own.Median * 30 / 1000, 4), allocated);
    }
}
