using System.Diagnostics;
using System.Globalization;
using EmmaStream.Metrics.Images;
using EmmaStream.Metrics.Planes;

namespace EmmaStream.Benchmarks.Metrics;

/// <summary>
/// How long the metrics of one pair take on one thread, metric by metric, and how pairs a second grow with threads. Prints a Markdown table:
/// least and median wall time (a busy machine disturbs the median), CPU time of the whole and bytes allocated.
/// </summary>
public static class MetricsBench
{
    private const int Width = 640, Height = 480;

    /// <summary>Runs it; arguments: rounds (default 200).</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
        PlaneTrio trio = Pair();
        MetricsWorkspace workspace = new();
        (string Name, Action Measure)[] rows =
        [
            ("planes to double", () => workspace.Load(trio)), ("sums: SD MSE PSNR CC SCD", () => TrioSums.Of(trio)),
            ("EN", () => Entropy.Measure(trio.Fused)), ("SF", () => SpatialFrequency.Measure(trio.Fused)), ("AG", () => AverageGradient.Measure(workspace)),
            ("MI", () => MutualInformation.Measure(trio, workspace)), ("VIF", () => VisualInformationFidelity.Measure(workspace)),
            ("Qabf", () => EdgeTransfer.Measure(workspace)), ("SSIM, SSIM255", () => StructuralSimilarity.Measure(workspace)),
            ("all 13", () => ImageMetrics.Measure(trio, workspace)),
        ];
        Console.WriteLine($"{Width}x{Height}, one thread, {rounds} rounds\n\n| | least ms | median ms | CPU ms | bytes |\n|---|---|---|---|---|");
        foreach ((string name, Action measure) in rows)
            Console.WriteLine(Row(name, measure, rounds));
        Console.WriteLine("\n| threads | pairs a second | CPU ms a pair |\n|---|---|---|");
        for (int threads = 1; threads <= Environment.ProcessorCount; threads *= 2)
            Console.WriteLine(Scaling(trio, threads, rounds));
        return 0;
    }

    private static string Row(string name, Action measure, int rounds)
    {
        // Past the thresholds of tiered compilation.
        for (int i = 0; i < 60; i++)
            measure();
        double[] times = new double[rounds];
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            measure();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {times[0]:F2} | {times[rounds / 2]:F2} | {cpu.TotalMilliseconds / rounds:F2} | {bytes / rounds} |");
    }

    private static string Scaling(PlaneTrio trio, int threads, int rounds)
    {
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            MetricsWorkspace workspace = new();
            for (int i = 0; i < rounds; i++)
                ImageMetrics.Measure(trio, workspace);
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        double pairs = threads * rounds / Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        return string.Create(CultureInfo.InvariantCulture, $"| {threads} | {pairs:F1} | {cpu.TotalMilliseconds / (threads * rounds):F1} |");
    }

    // Smooth shapes with noise, fused by their mean.
    private static PlaneTrio Pair()
    {
        GrayPlane infrared = Made(1), visible = Made(2), fused = new(Width, Height);
        for (int i = 0; i < fused.Area; i++)
            fused.WritableSamples[i] = (byte)((infrared.Samples[i] + visible.Samples[i]) / 2);
        return new(fused, infrared, visible);
    }

    private static GrayPlane Made(int seed)
    {
        Random random = new(seed);
        GrayPlane plane = new(Width, Height);
        for (int i = 0; i < plane.Area; i++)
        {
            double level = 128 + 60 * Math.Sin(i % Width * 0.02 * seed) + 50 * Math.Cos(i / Width * 0.03 * seed) + random.Next(-12, 12);
            plane.WritableSamples[i] = (byte)Math.Clamp(level, 0, 255);
        }
        return plane;
    }
}
