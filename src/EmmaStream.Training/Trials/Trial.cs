using EmmaStream.Core.Faults;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Weights;
using EmmaStream.Metrics;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;
using EmmaStream.Torch.Network;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;
using TorchSharp;

namespace EmmaStream.Training.Trials;

/// <summary>
/// Fuses the validation pairs with the network as it will be used (the processor's engine, whole pictures, per-frame stretch, 8 bit) and
/// measures them as papers do.
/// </summary>
internal sealed class Trial
{
    private const int HealthPairs = 3;
    private const double SmallestStripes = 0.05;       // gray levels; a painted source may have none

    private static readonly Metric[] Measured =
        [MetricCatalog.EN, MetricCatalog.SD, MetricCatalog.SF, MetricCatalog.AG, MetricCatalog.MI, MetricCatalog.SCD, MetricCatalog.VIF, MetricCatalog.Qabf, MetricCatalog.SSIM];

    private readonly IReadOnlyList<TrainingPair> _pairs;
    private readonly ValidationOptions _options;
    private readonly int _threads;

    public Trial(IReadOnlyList<TrainingPair> pairs, ValidationOptions options, int threads)
    {
        (_pairs, _options, _threads) = (pairs, options, threads);
        foreach (string name in options.Goals.Keys.Where(name => Measured.All(m => m.Name != name)))
            throw Fault.Usage($"trial.goals names {name}; allowed are {string.Join(' ', Measured.Select(m => m.Name))}");
    }

    /// <summary>Fuses and measures.</summary>
    /// <param name="weights">The U-Fuser's.</param>
    /// <param name="network">The same network, for a look at its up-samplings.</param>
    /// <param name="phase">Name of the phase.</param>
    /// <param name="step">Steps of it that were done.</param>
    /// <param name="pictures">Folder that receives the first pairs with their fused pictures; null: none.</param>
    public TrialResult Run(WeightSet weights, UFuserModule network, string phase, int step, string? pictures) =>
        Measure(() => new Worker(weights), phase, step, pictures) with { Active = ActiveShares(network) };

    /// <summary>Measures the pairs' targets in the place of fused pictures: what the warm-up aims at.</summary>
    public TrialResult OfTargets() => Measure(() => new Worker(null), "target", 0, null);

    private TrialResult Measure(Func<Worker> makeWorker, string phase, int step, string? pictures)
    {
        (Scores Scores, double Stripes)[] results = new (Scores, double)[_pairs.Count];
        Parallel.For(0, _pairs.Count, new ParallelOptions { MaxDegreeOfParallelism = _threads }, makeWorker, (index, _, worker) =>
        {
            PlaneTrio trio = worker.Fuse(_pairs[index]);
            double source = Math.Max(StripeMeter.Measure(trio.Infrared), StripeMeter.Measure(trio.Visible));
            results[index] = (ImageMetrics.Measure(trio, worker.Workspace), StripeMeter.Measure(trio.Fused) / Math.Max(source, SmallestStripes));
            if (pictures is not null && index < _options.Pictures)
                TrialPicture.Write(Path.Combine(pictures, $"{_pairs[index].Name}.png"), trio);
            return worker;
        }, worker => worker.Dispose());

        Dictionary<string, double> means = Measured.ToDictionary(m => m.Name, m => results.Select(r => r.Scores[m] ?? double.NaN).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average());
        return new TrialResult
        {
            Phase = phase,
            Step = step,
            Metrics = means,
            Stripes = results.Average(r => r.Stripes),
            Score = _options.Goals.Select(goal => means[goal.Key] / goal.Value).Where(double.IsFinite).Select(share => Math.Min(1, share)).DefaultIfEmpty(0).Average(),
        };
    }

    private double[] ActiveShares(UFuserModule network)
    {
        double[] sums = new double[3];
        TrainingPair[] pairs = [.. _pairs.Take(HealthPairs)];
        double leak = network.UpLeak;
        network.UpLeak = 0;
        network.ObserveUp = (level, result) =>
        {
            using torch.Tensor zero = torch.zeros_like(result), above = result.gt(zero), share = above.to(torch.ScalarType.Float32).mean();
            sums[4 - level] += share.item<float>() / pairs.Length;
        };
        using IDisposable noGrad = torch.no_grad();
        foreach (TrainingPair pair in pairs)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            _ = network.call(Crop(pair, pair.Infrared, network), Crop(pair, pair.Visible, network));
        }
        network.ObserveUp = null;
        network.UpLeak = leak;
        return sums;
    }

    /// <summary>The largest part from the upper left whose sides the network takes, [1, 1, H, W].</summary>
    private static torch.Tensor Crop(TrainingPair pair, byte[] samples, UFuserModule network)
    {
        int width = pair.Width / 8 * 8, height = pair.Height / 8 * 8;
        float[] values = new float[width * height];
        for (int i = 0; i < values.Length; i++)
            values[i] = samples[(i / width * pair.Width) + (i % width)] / 255f;
        return torch.tensor(values, [1, 1, height, width], device: network.parameters().First().device);
    }

    /// <summary>What one thread needs.</summary>
    private sealed class Worker(WeightSet? weights) : IDisposable
    {
        private readonly EmmaCpuFuser? _fuser = weights is null ? null : new(weights, new EmmaCpuOptions { Threads = 1 });
        private readonly LumaBuffer _infrared = new(), _visible = new(), _fused = new();

        public MetricsWorkspace Workspace { get; } = new();

        public PlaneTrio Fuse(TrainingPair pair)
        {
            LumaPlane fused = _fused.Plane(pair.Width, pair.Height);
            if (_fuser is null)
                Copy(pair.Target!, fused);
            _fuser?.Fuse([new FusionJob(Plane(_infrared, pair, pair.Infrared), Plane(_visible, pair, pair.Visible), fused)]);
            return new PlaneTrio(Stretched(fused), new GrayPlane(pair.Width, pair.Height, pair.Infrared), new GrayPlane(pair.Width, pair.Height, pair.Visible));
        }

        public void Dispose()
        {
            _fuser?.Dispose();
            _infrared.Dispose();
            _visible.Dispose();
            _fused.Dispose();
        }

        private static void Copy(float[] samples, LumaPlane into)
        {
            for (int y = 0; y < into.Height; y++)
                samples.AsSpan(y * into.Width, into.Width).CopyTo(into.Row(y));
        }

        private static LumaPlane Plane(LumaBuffer buffer, TrainingPair pair, byte[] samples)
        {
            LumaPlane plane = buffer.Plane(pair.Width, pair.Height);
            for (int y = 0; y < pair.Height; y++)
            {
                Span<float> row = plane.Row(y);
                for (int x = 0; x < row.Length; x++)
                    row[x] = samples[(y * pair.Width) + x] / 255f;
            }
            return plane;
        }

        /// <summary>The paper's levels: smallest to 0, largest to 255, rounded to nearest.</summary>
        private static GrayPlane Stretched(LumaPlane fused)
        {
            GrayPlane plane = new(fused.Width, fused.Height);
            float least = float.MaxValue, most = float.MinValue;
            for (int y = 0; y < fused.Height; y++)
            {
                foreach (float level in fused.Row(y))
                    (least, most) = (Math.Min(least, level), Math.Max(most, level));
            }
            float range = most > least ? most - least : 1;
            for (int y = 0; y < fused.Height; y++)
            {
                ReadOnlySpan<float> row = fused.Row(y);
                Span<byte> levels = plane.WritableSamples.Slice(y * fused.Width, fused.Width);
                for (int x = 0; x < row.Length; x++)
                    levels[x] = (byte)Math.Round(255 * (row[x] - least) / range);
            }
            return plane;
        }
    }
}
