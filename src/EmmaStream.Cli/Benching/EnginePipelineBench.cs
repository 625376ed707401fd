using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Core.Frames;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Classical;
using EmmaStream.Fusion.Levels;
using EmmaStream.Streaming.Fusing;

namespace EmmaStream.Cli.Benching;

/// <summary>What an engine of EMMA's network does in the pipeline. Times are medians of the rounds' means.</summary>
/// <param name="Engine">The engine, as on the command line.</param>
/// <param name="Threads">Its processor threads; null on CUDA.</param>
/// <param name="Size">Picture size.</param>
/// <param name="Scale">Size at which the network runs.</param>
/// <param name="Frames">Frames a run.</param>
/// <param name="FramesPerSecond">The whole pipeline, decode to encode.</param>
/// <param name="AloneMs">The engine's time a frame alone, on pictures in memory.</param>
/// <param name="InsideMs">The engine's time a frame in the pipeline, with decoder and encoder on the same cores.</param>
/// <param name="SpeedKept">Alone / inside: the share of its speed that the engine keeps.</param>
/// <param name="OwnMs">The pipeline's own processor time a frame, without decode, fuse and encode: pipes, pairing, conversion, levels.</param>
/// <param name="OwnShare">Own / alone.</param>
internal sealed record EnginePipelineRow(
    string Engine, int? Threads, string Size, string Scale, int Frames, double FramesPerSecond, double AloneMs, double InsideMs, double SpeedKept,
    double OwnMs, double OwnShare);

/// <summary>
/// Measures engines alone and in the pipeline, in turn in one run. What the pipeline itself takes is measured in runs with the average fuser, whose
/// own time is known: an engine's threads cannot be told from the pipeline's.
/// </summary>
/// <param name="fusers">The engines.</param>
/// <param name="scales">Sizes at which their networks run.</param>
/// <param name="progress">Told what runs.</param>
/// <param name="clock">The clock.</param>
internal sealed class EnginePipelineBench(IReadOnlyList<BenchFuser> fusers, IReadOnlyList<FusionScale> scales, StatusLine progress, TimeProvider clock)
{
    private const int Rounds = 5;
    private static readonly TimeSpan AloneFor = TimeSpan.FromSeconds(2);

    /// <summary>Measures at one size.</summary>
    /// <exception cref="Core.Faults.Fault">An engine cannot be had, or the pipeline failed.</exception>
    public async Task<IReadOnlyList<EnginePipelineRow>> MeasureAsync(FrameSize size, int frames, CancellationToken cancellationToken)
    {
        using BenchPipeline pipeline = new(size, frames, clock);
        progress.Offer(() => $"{size}: writes clips");
        await pipeline.WriteClipsAsync(cancellationToken).ConfigureAwait(false);
        using AverageFuser average = new();
        Samples own = new();
        List<Engine> engines = [];
        try
        {
            foreach (BenchCase what in BenchCase.All(fusers, [size], scales, [1]))
                engines.Add(new Engine(what));
            for (int round = 0; round <= Rounds; round++)   // the first warms up
            {
                PipelineTimes times = await pipeline.RunAsync(average, SettingsOf(FusionScale.Full), cancellationToken).ConfigureAwait(false);
                if (round > 0)
                    own.Add((times.Processor - times.Fusing) / frames);
                foreach (Engine engine in engines)
                {
                    progress.Offer(() => $"round {round} of {Rounds}: {engine.Case}");
                    TimeSpan alone = MeanAlone(engine, frames);
                    times = await pipeline.RunAsync(engine.Fuser, SettingsOf(engine.Case.Scale), cancellationToken).ConfigureAwait(false);
                    if (round > 0)
                        engine.Add(alone, times.Fusing / frames, times.Wall / frames);
                }
            }
            return [.. engines.Select(engine => engine.Row(frames, own.Median))];
        }
        finally
        {
            engines.ForEach(engine => engine.Dispose());
        }
    }

    // As `fuse` has it for videos.
    private static FusionSettings SettingsOf(FusionScale scale) => new() { Scale = scale, Levels = LevelsMode.Smooth };

    private TimeSpan MeanAlone(Engine engine, int frames)
    {
        int calls = 0;
        engine.Fuser.Fuse(engine.Pictures.Jobs);
        long start = clock.GetTimestamp();
        while (calls < frames && (calls < 3 || clock.GetElapsedTime(start) < AloneFor))
        {
            engine.Fuser.Fuse(engine.Pictures.Jobs);
            calls++;
        }
        return clock.GetElapsedTime(start) / calls;
    }

    private sealed class Engine(BenchCase what) : IDisposable
    {
        private readonly Samples _alone = new(), _inside = new(), _wall = new();

        public BenchCase Case => what;

        public IFuser Fuser { get; } = what.Fuser.Create();

        public BenchPictures Pictures { get; } = new(what.Size, what.Scale);

        public void Add(TimeSpan alone, TimeSpan inside, TimeSpan wall)
        {
            _alone.Add(alone);
            _inside.Add(inside);
            _wall.Add(wall);
        }

        public EnginePipelineRow Row(int frames, double ownMs) => new(
            what.Fuser.Name, what.Fuser.Threads, what.Size.ToString(), FusionScales.Format(what.Scale), frames, Math.Round(1000 / _wall.Median, 2),
            Math.Round(_alone.Median, 3), Math.Round(_inside.Median, 3), Math.Round(_alone.Median / _inside.Median, 3), Math.Round(ownMs, 3),
            Math.Round(ownMs / _alone.Median, 4));

        public void Dispose()
        {
            Fuser.Dispose();
            Pictures.Dispose();
        }
    }
}
