using EmmaStream.Core.Frames;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Weights;
using EmmaStream.Metrics.Planes;
using EmmaStream.Metrics.Reading;

namespace EmmaStream.Benchmarks.Cpu;

/// <summary>How near fusion at a reduced size comes to fusion at full size: SSIM (11x11 Gaussian, range 1) and PSNR over a list of pairs.</summary>
internal static class ReducedBench
{
    /// <param name="weightsPath">A weights file.</param>
    /// <param name="folder">Holds <c>ir</c>, <c>vi</c> and the list.</param>
    /// <param name="list">A text file in it: a name a line, with or without extension.</param>
    public static int Run(string weightsPath, string folder, string list)
    {
        using var fuser = new EmmaCpuFuser(WeightFile.Load(weightsPath));
        using var pool = new FramePool();
        var reader = new GrayPlaneReader(pool);
        string[] names = [.. File.ReadAllLines(Path.Combine(folder, list)).Where(line => line.Length > 0)];
        Dictionary<FusionScale, List<(double Ssim, double Psnr)>> scores = new() { [FusionScale.Half] = [], [FusionScale.Quarter] = [] };
        foreach (string name in names)
        {
            using Picture infrared = Read(reader, folder, "ir", name), visible = Read(reader, folder, "vi", name);
            using Picture full = Fuse(fuser, infrared, visible, FusionScale.Full);
            foreach (FusionScale scale in scores.Keys)
            {
                using Picture reduced = Fuse(fuser, infrared, visible, scale);
                scores[scale].Add((GaussianSsim.Mean(full.Plane, reduced.Plane), Psnr(full.Plane, reduced.Plane)));
            }
        }
        Console.WriteLine($"| scale, {names.Length} pairs, {Path.GetFileName(weightsPath)} | SSIM mean | min | PSNR |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach ((FusionScale scale, List<(double Ssim, double Psnr)> pairs) in scores)
            Console.WriteLine($"| 1/{(int)scale} | {pairs.Average(p => p.Ssim):f4} | {pairs.Min(p => p.Ssim):f3} | {pairs.Average(p => p.Psnr):f2} |");
        return 0;
    }

    private static Picture Read(GrayPlaneReader reader, string folder, string part, string name)
    {
        string path = Directory.GetFiles(Path.Combine(folder, part), Path.GetFileNameWithoutExtension(name) + ".*")[0];
        var gray = new GrayPlane(1, 1);
        reader.Read(path, gray);
        var picture = new Picture(gray.Width, gray.Height);
        for (int y = 0; y < gray.Height; y++)
            for (int x = 0; x < gray.Width; x++)
                picture.Plane.Row(y)[x] = gray.Samples[(y * gray.Width) + x] / 255f;
        return picture;
    }

    private static Picture Fuse(EmmaCpuFuser fuser, Picture infrared, Picture visible, FusionScale scale)
    {
        var fused = new Picture(infrared.Plane.Width, infrared.Plane.Height);
        FusionJob[] jobs = [new(infrared.Plane, visible.Plane, fused.Plane, scale)];
        fuser.Fuse(jobs);
        return fused;
    }

    private static double Psnr(LumaPlane a, LumaPlane b)
    {
        double sum = 0;
        for (int y = 0; y < a.Height; y++)
            for (int x = 0; x < a.Width; x++)
                sum += Math.Pow(a.Row(y)[x] - b.Row(y)[x], 2);
        return -10 * Math.Log10(sum / a.Width / a.Height);
    }

    private sealed class Picture(int width, int height) : IDisposable
    {
        private readonly LumaBuffer _memory = new();

        public LumaPlane Plane => _memory.Plane(width, height);

        public void Dispose() => _memory.Dispose();
    }
}
