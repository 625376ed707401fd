using EmmaStream.Fusion;
using EmmaStream.Testing;
using EmmaStream.Torch.Devices;
using EmmaStream.Torch.Tests.Network;

namespace EmmaStream.Torch.Tests.Devices;

/// <summary>What holds on a CUDA device; skipped where there is none.</summary>
public sealed class OnCuda : IDisposable
{
    private readonly JobMaker _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Theory]
    [InlineData(Precision.Single, false, 1e-5)]
    [InlineData(Precision.Single, true, 1e-5)]
    [InlineData(Precision.Half, false, 1e-2)]
    public void The_golden_output_comes_out(Precision precision, bool asPublished, double tolerance)
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), On(precision) with { AsPublished = asPublished });
        NpyFile expected = UFuserGolden.Array("output");
        FusionJob job = new(_jobs.Plane(UFuserGolden.Array("input_ir")), _jobs.Plane(UFuserGolden.Array("input_vi")), _jobs.Plane(32, 32));
        fuser.Fuse([job]);
        Assert.InRange(UFuserGolden.LargestDifference(expected.Values, JobMaker.Values(job.Fused)), 0, tolerance);
    }

    [Theory]
    [InlineData(Precision.Single, 1e-5)]
    [InlineData(Precision.Half, 1e-2)]
    public void Batches_of_odd_sizes_agree_with_the_processor(Precision precision, double tolerance)
    {
        using TorchFuser device = new(GoldenCases.Weights(), On(precision) with { LargestBatch = 4 });
        using TorchFuser processor = new(GoldenCases.Weights(), new() { Device = DeviceChoice.Cpu });
        FusionJob[] jobs = [.. new[] { (310, 250), (17, 16), (310, 250), (640, 480), (310, 250), (310, 250), (310, 250) }.Select((size, seed) => _jobs.Random(size.Item1, size.Item2, seed))];
        FusionJob[] expected = [.. jobs.Select(job => job with { Fused = _jobs.Plane(job.Fused.Width, job.Fused.Height) })];
        processor.Fuse(expected);
        device.Fuse(jobs);
        for (int i = 0; i < jobs.Length; i++)
            Assert.InRange(UFuserGolden.LargestDifference(JobMaker.Values(expected[i].Fused), JobMaker.Values(jobs[i].Fused)), 0, tolerance);
    }

    private static TorchFuserOptions On(Precision precision)
    {
        Assert.SkipWhen(TorchRuntime.CudaDeviceCount == 0, "libtorch finds no CUDA device");
        return new() { Device = DeviceChoice.Parse("cuda"), Precision = precision };
    }
}
