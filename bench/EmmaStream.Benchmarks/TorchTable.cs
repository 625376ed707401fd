using System.Diagnostics;
using System.Globalization;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Torch;
using EmmaStream.Torch.Devices;
using EmmaStream.Torch.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Benchmarks;

/// <summary>
/// Measures the U-Fuser on libtorch, op by op and merged, in turn in one process, so that other load meets both. Milliseconds are medians
/// of wall-clock time per frame; the ratio is the median of the rounds' ratios.
/// </summary>
internal static class TorchTable
{
    private static readonly (int Width, int Height)[] Sizes = [(160, 120), (320, 240), (640, 480)];

    public static void Print(string weightsPath, int rounds)
    {
        WeightSet weights = WeightFile.Load(weightsPath);
        using UFuserModule opByOp = new(weights);
        using MergedUFuser merged = new(new MergedWeights(weights));
        Console.WriteLine("| size | threads | op by op ms | merged ms | ratio (quartiles) | largest difference |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (int threads in (int[])[1, 2])
        {
            TorchRuntime.Threads = threads;
            foreach ((int width, int height) in Sizes)
                PrintRow(opByOp, merged, width, height, threads, rounds);
        }
        PrintAllocation(weights);
    }

    private static void PrintRow(UFuserModule opByOp, MergedUFuser merged, int width, int height, int threads, int rounds)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor ir = rand(1, 1, height, width), vi = rand(1, 1, height, width);
        double largest = (opByOp.call(ir, vi) - merged.Forward(ir, vi)).abs().max().item<float>();
        double[] plain = new double[rounds], fast = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            plain[round] = Milliseconds(() => opByOp.call(ir, vi));
            fast[round] = Milliseconds(() => merged.Forward(ir, vi));
        }
        double[] ratios = [.. plain.Zip(fast, (a, b) => a / b).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {width}x{height} | {threads} | {Median(plain):F1} | {Median(fast):F1} | {ratios[rounds / 2]:F2} ({ratios[rounds / 4]:F2} to {ratios[3 * rounds / 4]:F2}) | {largest:E1} |"));
    }

    private static double Milliseconds(Func<Tensor> forward)
    {
        long start = Stopwatch.GetTimestamp();
        using Tensor result = forward();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Managed bytes that a call of the fuser allocates once warm, and how many tensors are alive before and after.</summary>
    private static void PrintAllocation(WeightSet weights)
    {
        const int Calls = 200;
        using TorchFuser fuser = new(weights, new TorchFuserOptions { Device = DeviceChoice.Cpu });
        using LumaBuffer source = new(), fused = new();
        LumaPlane picture = source.Plane(160, 120);
        for (int y = 0; y < picture.Height; y++)
            picture.Row(y).Fill(0.5f);
        FusionJob[] job = [new(picture, picture, fused.Plane(160, 120))];
        fuser.WarmUp(160, 120);
        long bytes = GC.GetAllocatedBytesForCurrentThread(), tensors = Tensor.TotalCount;
        for (int call = 0; call < Calls; call++)
            fuser.Fuse(job);
        Console.WriteLine();
        Console.WriteLine($"Managed allocation: {(GC.GetAllocatedBytesForCurrentThread() - bytes) / Calls} bytes a frame; "
            + $"live tensors {tensors} before and {Tensor.TotalCount} after {Calls} frames.");
    }
}
