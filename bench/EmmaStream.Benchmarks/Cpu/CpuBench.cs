using System.Diagnostics;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Weights;

namespace EmmaStream.Benchmarks.Cpu;

/// <summary>
/// EMMA on the CPU by threads and sizes, interleaved in one run with the peak of the multiply-add units: ms per frame, and what share of
/// that peak the direct form's operations (48.3 GFLOP at 640x480) reach. Fusing alone: no decoding, no conversion of pixels.
/// </summary>
internal static class CpuBench
{
    private const double FlopPerPixel = 48.3e9 / (640 * 480);

    public static int Run(ReadOnlySpan<string> arguments)
    {
        Settings settings = Settings.Parse(arguments);
        WeightSet weights = WeightFile.Load(settings.Weights);
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, float32, weights {Path.GetFileName(settings.Weights)}");
        Case[] cases = [.. settings.Sizes.SelectMany(size => settings.Threads.Select(threads => new Case(weights, size.Width, size.Height, threads, settings.Scale)))];
        foreach (Case c in cases)
            c.Fuse(3);
        for (int round = 0; round < settings.Rounds; round++)
        {
            foreach (Case c in cases)
                c.Measure();
        }
        Print(cases);
        if (settings.Layers)
        {
            foreach (Case c in cases)
                c.PrintLayers();
        }
        foreach (Case c in cases)
            c.Dispose();
        Console.WriteLine($"peak memory of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        return 0;
    }

    private static void Print(Case[] cases)
    {
        Console.WriteLine("| engine | size | ms median | min | p95 | direct GFLOP/s | peak of a core | share of peak |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (Case c in cases)
        {
            double median = c.Percentile(0.5), rate = FlopPerPixel * c.Width * c.Height / median / 1e6;
            Console.WriteLine($"| {c.Name} | {c.Width}x{c.Height} | {median:f2} | {c.Percentile(0):f2} | {c.Percentile(0.95):f2} | {rate:f0} | {c.Peak:f0} | {100 * rate / c.Peak / c.Threads:f0} % |");
        }
    }

    private sealed record Settings(string Weights, (int Width, int Height)[] Sizes, int[] Threads, int Rounds, bool Layers, FusionScale Scale)
    {
        public static Settings Parse(ReadOnlySpan<string> arguments)
        {
            Settings settings = new("", [(160, 120), (320, 240), (640, 480), (1920, 1080)], [1, 2], 15, false, FusionScale.Full);
            for (int i = 0; i < arguments.Length; i++)
            {
                settings = arguments[i] switch
                {
                    "--weights" => settings with { Weights = arguments[++i] },
                    "--size" => settings with { Sizes = [.. arguments[++i].Split(',').Select(s => (int.Parse(s.Split('x')[0]), int.Parse(s.Split('x')[1])))] },
                    "--threads" => settings with { Threads = [.. arguments[++i].Split(',').Select(int.Parse)] },
                    "--rounds" => settings with { Rounds = int.Parse(arguments[++i]) },
                    "--scale" => settings with { Scale = (FusionScale)int.Parse(arguments[++i]) },
                    "--layers" => settings with { Layers = true },
                    _ => throw new ArgumentException($"unknown option {arguments[i]}"),
                };
            }
            return settings;
        }
    }

    private sealed class Case : IDisposable
    {
        private readonly EmmaCpuFuser _fuser;
        private readonly LumaBuffer _infrared = new(), _visible = new(), _fused = new();
        private readonly FusionJob[] _jobs;
        private readonly List<double> _milliseconds = [];

        public Case(WeightSet weights, int width, int height, int threads, FusionScale scale)
        {
            (Width, Height, Threads) = (width, height, threads);
            _fuser = new EmmaCpuFuser(weights, new() { Threads = threads });
            _jobs = [new(_infrared.Plane(width, height), _visible.Plane(width, height), _fused.Plane(width, height), scale)];
            var random = new Random(1);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                {
                    _jobs[0].Infrared.Row(y)[x] = random.NextSingle();
                    _jobs[0].Visible.Row(y)[x] = random.NextSingle();
                }
        }

        public int Width { get; }

        public int Height { get; }

        public int Threads { get; }

        public double Peak { get; private set; }

        public string Name => _fuser.Name;

        public void Fuse(int times)
        {
            for (int i = 0; i < times; i++)
                _fuser.Fuse(_jobs);
        }

        /// <summary>The peak, then a few frames: both under the same load of the machine.</summary>
        public void Measure()
        {
            Peak = Math.Max(Peak, FmaPeak.Measure());
            Fuse(1);
            for (int i = 0; i < Math.Clamp(100_000 / (Width * Height / 8), 1, 8); i++)
            {
                long start = Stopwatch.GetTimestamp();
                Fuse(1);
                _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        public double Percentile(double share)
        {
            _milliseconds.Sort();
            return _milliseconds[(int)(share * (_milliseconds.Count - 1))];
        }

        public void PrintLayers()
        {
            Dictionary<string, List<double>> times = [];
            for (int i = 0; i < 40; i++)
            {
                long last = Stopwatch.GetTimestamp();
                _fuser.Engine.Time(name =>
                {
                    if (!times.TryGetValue(name, out List<double>? list))
                        times[name] = list = [];
                    list.Add(Stopwatch.GetElapsedTime(last).TotalMilliseconds);
                    last = Stopwatch.GetTimestamp();
                });
                Fuse(1);
            }
            _fuser.Engine.Time(null);
            Console.WriteLine($"{Name}, {Width}x{Height}: layers that run together are timed as one, under the first name");
            Console.WriteLine("| layer | ms median | min |");
            Console.WriteLine("| --- | --- | --- |");
            foreach ((string name, List<double> list) in times)
                Console.WriteLine($"| {name} | {list.Order().ElementAt(list.Count / 2):f2} | {list.Min():f2} |");
            Console.WriteLine($"| sum | {times.Values.Sum(list => list.Order().ElementAt(list.Count / 2)):f2} | {times.Values.Sum(list => list.Min()):f2} |");
        }

        public void Dispose()
        {
            _fuser.Dispose();
            _infrared.Dispose();
            _visible.Dispose();
            _fused.Dispose();
        }
    }
}
