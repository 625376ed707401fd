using System.Diagnostics;
using System.Globalization;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Onnx;
using EmmaStream.Fusion.Weights;
using Microsoft.ML.OnnxRuntime;

namespace EmmaStream.Benchmarks;

/// <summary>
/// Measures the exported graph in ONNX Runtime against our engine on the CPU, in turn in one process, so that other load meets both.
/// Milliseconds are medians of wall-clock time per frame, one pair a call, pictures in memory; the ratio is the median of the rounds' ratios.
/// </summary>
internal static class OnnxTable
{
    private static readonly (int Width, int Height)[] Sizes = [(160, 120), (320, 240), (640, 480)];

    public static void Print(string weightsPath, int rounds)
    {
        WeightSet weights = WeightFile.Load(weightsPath);
        string model = Path.GetTempFileName();
        try
        {
            OnnxModel.Save(model, weights);
            Console.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, merged graph, opset {OnnxModel.Opset}; float32, batch 1, {rounds} rounds.");
            Console.WriteLine();
            Console.WriteLine("| size | threads | ONNX Runtime ms | ours ms | ratio | largest difference |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
            foreach (int threads in (int[])[1, 2])
            {
                using InferenceSession session = Session(model, threads);
                using EmmaCpuFuser fuser = new(weights, new() { Threads = threads });
                foreach ((int width, int height) in Sizes)
                    PrintRow(session, fuser, width, height, threads, rounds);
            }
        }
        finally
        {
            File.Delete(model);
        }
    }

    // Its threads wait without spinning between operators, or they would take the cores from what is measured next.
    private static InferenceSession Session(string model, int threads)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new(model, options);
    }

    private static unsafe void PrintRow(InferenceSession session, EmmaCpuFuser fuser, int width, int height, int threads, int rounds)
    {
        float[] ir = Noise(width * height, 1), vi = Noise(width * height, 2), peer = new float[width * height], ours = new float[width * height];
        long[] shape = [1, 1, height, width];
        using OrtValue irValue = OrtValue.CreateTensorValueFromMemory(ir, shape), viValue = OrtValue.CreateTensorValueFromMemory(vi, shape);
        using OrtValue fusedValue = OrtValue.CreateTensorValueFromMemory(peer, shape);
        using RunOptions options = new();
        fixed (float* i = ir, v = vi, f = ours)
        {
            FusionJob[] jobs = [new(new(i, width, height, width), new(v, width, height, width), new(f, width, height, width))];
            void RunPeer() => session.Run(options, [OnnxModel.Infrared, OnnxModel.Visible], [irValue, viValue], [OnnxModel.Fused], [fusedValue]);
            void RunOurs() => fuser.Fuse(jobs);
            RunPeer();
            RunOurs();
            double[] peerTimes = new double[rounds], ourTimes = new double[rounds];
            for (int round = 0; round < rounds; round++)
            {
                peerTimes[round] = Milliseconds(RunPeer);
                ourTimes[round] = Milliseconds(RunOurs);
            }
            double ratio = Median([.. peerTimes.Zip(ourTimes, (a, b) => a / b)]);
            double largest = peer.Zip(ours, (a, b) => Math.Abs((double)a - b)).Max();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {width}x{height} | {threads} | {Median(peerTimes):F1} | {Median(ourTimes):F1} | {ratio:F2} | {largest:E1} |"));
        }
    }

    private static double Milliseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static float[] Noise(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }
}
