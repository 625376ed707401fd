using EmmaStream.Fusion;
using EmmaStream.Testing;
using EmmaStream.Torch.Devices;
using EmmaStream.Torch.Tests.Network;

namespace EmmaStream.Torch.Tests.Devices;

/// <summary>What holds on a CUDA device; skipped where there is none.</summary>
public sealed class OnCuda : IDisposable
{
    private readonly List<LumaBuffer> _buffers = [];

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    [Theory]
    [InlineData(Precision.Single, false, 1e-5)]
    [InlineData(Precision.Single, true, 1e-5)]
    [InlineData(Precision.Half, false, 1e-2)]
    public void The_golden_output_comes_out(Precision precision, bool asPublished, double tolerance)
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), On(precision) with { AsPublished = asPublished });
        NpyFile expected = UFuserGolden.Array("output");
        FusionJob job = new(Plane(UFuserGolden.Array("input_ir")), Plane(UFuserGolden.Array("input_vi")), Plane(32, 32));
        fuser.Fuse([job]);
        Assert.InRange(UFuserGolden.LargestDifference(expected.Values, Values(job.Fused)), 0, tolerance);
    }

    [Theory]
    [InlineData(Precision.Single, 1e-5)]
    [InlineData(Precision.Half, 1e-2)]
    public void Batches_of_odd_sizes_agree_with_the_processor(Precision precision, double tolerance)
    {
        using TorchFuser device = new(GoldenCases.Weights(), On(precision) with { LargestBatch = 4 });
        using TorchFuser processor = new(GoldenCases.Weights(), new() { Device = DeviceChoice.Cpu });
        FusionJob[] jobs = [.. new[] { (310, 250), (17, 16), (310, 250), (640, 480), (310, 250), (310, 250), (310, 250) }.Select((size, seed) => RandomJob(size.Item1, size.Item2, seed))];
        FusionJob[] expected = [.. jobs.Select(job => job with { Fused = Plane(job.Fused.Width, job.Fused.Height) })];
        processor.Fuse(expected);
        device.Fuse(jobs);
        for (int i = 0; i < jobs.Length; i++)
            Assert.InRange(UFuserGolden.LargestDifference(Values(expected[i].Fused), Values(jobs[i].Fused)), 0, tolerance);
    }

    private static TorchFuserOptions On(Precision precision)
    {
        Assert.SkipWhen(TorchRuntime.CudaDeviceCount == 0, "libtorch finds no CUDA device");
        return new() { Device = DeviceChoice.Parse("cuda"), Precision = precision };
    }

    private FusionJob RandomJob(int width, int height, int seed)
    {
        FusionJob job = new(Plane(width, height), Plane(width, height), Plane(width, height));
        Random random = new(seed);
        for (int y = 0; y < height; y++)
        {
            foreach (ref float sample in job.Infrared.Row(y))
                sample = random.NextSingle();
            foreach (ref float sample in job.Visible.Row(y))
                sample = random.NextSingle();
        }
        return job;
    }

    private LumaPlane Plane(int width, int height)
    {
        LumaBuffer buffer = new();
        _buffers.Add(buffer);
        return buffer.Plane(width, height);
    }

    private LumaPlane Plane(NpyFile file)
    {
        LumaPlane plane = Plane(file.Shape[^1], file.Shape[^2]);
        for (int y = 0; y < plane.Height; y++)
            file.Values.AsSpan(y * plane.Width, plane.Width).CopyTo(plane.Row(y));
        return plane;
    }

    private static float[] Values(LumaPlane plane)
    {
        float[] values = new float[plane.Width * plane.Height];
        for (int y = 0; y < plane.Height; y++)
            plane.Row(y).CopyTo(values.AsSpan(y * plane.Width));
        return values;
    }
}
