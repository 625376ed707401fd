using EmmaStream.Core.Faults;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using EmmaStream.Torch.Devices;
using EmmaStream.Torch.Network;
using EmmaStream.Torch.Tests.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch.Tests;

public sealed class TorchFuserTests : IDisposable
{
    private static readonly TorchFuserOptions Cpu = new() { Device = DeviceChoice.Cpu };

    private readonly JobMaker _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gives_the_golden_output_merged_or_as_published(bool asPublished)
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), Cpu with { AsPublished = asPublished });
        Assert.Equal(asPublished, fuser.Name.Contains("op by op", StringComparison.Ordinal));
        NpyFile expected = UFuserGolden.Array("output");
        FusionJob job = new(_jobs.Plane(UFuserGolden.Array("input_ir")), _jobs.Plane(UFuserGolden.Array("input_vi")), _jobs.Plane(32, 32));
        fuser.Fuse([job]);
        Assert.InRange(UFuserGolden.LargestDifference(expected.Values, JobMaker.Values(job.Fused)), 0, UFuserGolden.Tolerance);
    }

    [Theory]
    [InlineData(17, 16)]
    [InlineData(310, 250)]
    [InlineData(21, 33)]
    [InlineData(9, 9)]
    [InlineData(16, 15)]
    public void Odd_sizes_are_reflected_run_and_cropped(int width, int height)
    {
        WeightSet weights = RandomWeights.WithStrongAttention(1);
        using TorchFuser fuser = new(weights, Cpu);
        FusionJob job = _jobs.Random(width, height, 7);
        fuser.Fuse([job]);
        Assert.InRange(UFuserGolden.LargestDifference(OpByOp(weights, job), JobMaker.Values(job.Fused)), 0, UFuserGolden.OverrideTolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_result_does_not_depend_on_the_batch_or_on_other_sizes_beside_it(int largestBatch)
    {
        WeightSet weights = RandomWeights.WithStrongAttention(2);
        FusionJob[] jobs = [_jobs.Random(40, 24, 1), _jobs.Random(33, 17, 2), _jobs.Random(40, 24, 3), _jobs.Random(38, 22, 4), _jobs.Random(40, 24, 5), _jobs.Random(64, 48, 6)];
        float[][] alone = new float[jobs.Length][];
        using (TorchFuser single = new(weights, Cpu with { LargestBatch = 1 }))
        {
            for (int i = 0; i < jobs.Length; i++)
            {
                single.Fuse(jobs.AsSpan(i, 1));
                alone[i] = JobMaker.Values(jobs[i].Fused);
                jobs[i].Fused.Row(0).Fill(float.NaN);
            }
        }
        using TorchFuser fuser = new(weights, Cpu with { LargestBatch = largestBatch });
        fuser.Fuse(jobs);
        for (int i = 0; i < jobs.Length; i++)
            Assert.InRange(UFuserGolden.LargestDifference(alone[i], JobMaker.Values(jobs[i].Fused)), 0, largestBatch == 1 ? 0 : 1e-6);
    }

    [Fact]
    public void Two_runs_agree_to_the_bit()
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), Cpu);
        FusionJob job = _jobs.Random(160, 120, 3);
        fuser.Fuse([job]);
        float[] first = JobMaker.Values(job.Fused);
        fuser.Fuse([job]);
        Assert.Equal(first, JobMaker.Values(job.Fused));
    }

    [Fact]
    public void Planes_with_a_stride_are_read_and_written_as_such()
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), Cpu);
        FusionJob dense = _jobs.Random(24, 20, 9);
        fuser.Fuse([dense]);
        FusionJob strided = new(Strided(dense.Infrared), Strided(dense.Visible), Strided(dense.Fused));
        strided.Fused.Row(0).Clear();
        fuser.Fuse([strided]);
        Assert.Equal(JobMaker.Values(dense.Fused), JobMaker.Values(strided.Fused));
    }

    [Fact]
    public void Two_hundred_calls_leave_no_tensor_behind()
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), Cpu with { LargestBatch = 2 });
        FusionJob[] jobs = [_jobs.Random(16, 16, 1), _jobs.Random(16, 16, 2)];
        fuser.Fuse(jobs);
        fuser.Fuse(jobs);
        long before = Tensor.TotalCount;
        for (int i = 0; i < 200; i++)
            fuser.Fuse(jobs);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Warming_up_leaves_no_trace_and_then_fuses()
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), Cpu with { LargestBatch = 2 });
        fuser.WarmUp(32, 32);
        Assert.Equal(2, fuser.LargestBatch);
        FusionJob job = new(_jobs.Plane(UFuserGolden.Array("input_ir")), _jobs.Plane(UFuserGolden.Array("input_vi")), _jobs.Plane(32, 32));
        fuser.Fuse([job]);
        Assert.InRange(UFuserGolden.LargestDifference(UFuserGolden.Array("output").Values, JobMaker.Values(job.Fused)), 0, UFuserGolden.Tolerance);
    }

    [Fact]
    public void Sizes_that_differ_or_are_too_small_and_a_reduced_scale_are_faults_of_fusion()
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), Cpu);
        Assert.Equal(FaultKind.Fusion, Assert.Throws<Fault>(() => fuser.Fuse([new(_jobs.Plane(16, 16), _jobs.Plane(24, 16), _jobs.Plane(16, 16))])).Kind);
        Assert.Contains("smallest side is 9", Assert.Throws<Fault>(() => fuser.Fuse([new(_jobs.Plane(16, 8), _jobs.Plane(16, 8), _jobs.Plane(16, 8))])).Message);
        Assert.Contains("1/2", Assert.Throws<Fault>(() => fuser.Fuse([_jobs.Random(16, 16, 1) with { Scale = FusionScale.Half }])).Message);
    }

    [Fact]
    public void The_name_says_method_engine_and_device()
    {
        using TorchFuser fuser = new(GoldenCases.Weights(), Cpu);
        Assert.StartsWith($"emma (torch, cpu, {TorchRuntime.OwnThreads} thread", fuser.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_call_runs_with_its_own_fusers_threads()
    {
        using TorchFuser one = new(GoldenCases.Weights(), Cpu with { Threads = 1 }), three = new(GoldenCases.Weights(), Cpu with { Threads = 3 });
        using TorchFuser own = new(GoldenCases.Weights(), Cpu);
        Assert.Equal(["emma (torch, cpu, 1 thread)", "emma (torch, cpu, 3 threads)"], new[] { one.Name, three.Name });
        FusionJob job = _jobs.Random(16, 16, 1);
        (TorchFuser Fuser, int Threads)[] turns = [(one, 1), (three, 3), (one, 1), (own, TorchRuntime.OwnThreads), (three, 3), (own, TorchRuntime.OwnThreads)];
        foreach ((TorchFuser fuser, int threads) in turns)
        {
            fuser.Fuse([job]);
            Assert.Equal(threads, get_num_threads());
        }
    }

    [Fact]
    public void Weights_of_another_network_and_options_out_of_range_are_refused()
    {
        Assert.Equal(FaultKind.Input, Assert.Throws<Fault>(() => new TorchFuser(new WeightSet("x.pth", []), Cpu)).Kind);
        Assert.Equal(FaultKind.Usage, Assert.Throws<Fault>(() => new TorchFuser(GoldenCases.Weights(), Cpu with { LargestBatch = 65 })).Kind);
        Assert.Equal(FaultKind.Usage, Assert.Throws<Fault>(() => new TorchFuser(GoldenCases.Weights(), Cpu with { Threads = -1 })).Kind);
        Assert.Equal(FaultKind.Usage, Assert.Throws<Fault>(() => new TorchFuser(GoldenCases.Weights(), Cpu with { Precision = Precision.Half })).Kind);
    }

    /// <summary>The published network on the picture padded by libtorch's own reflection.</summary>
    private static float[] OpByOp(WeightSet weights, FusionJob job)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using UFuserModule network = new(weights);
        int width = job.Fused.Width, height = job.Fused.Height;
        int right = Math.Max(16, (width + 7) / 8 * 8) - width, bottom = Math.Max(16, (height + 7) / 8 * 8) - height;
        Tensor Padded(LumaPlane plane) => nn.functional.pad(tensor(JobMaker.Values(plane)).view(1, 1, height, width), [0, right, 0, bottom], PaddingModes.Reflect);
        Tensor output = network.call(Padded(job.Infrared), Padded(job.Visible));
        return output.narrow(2, 0, height).narrow(3, 0, width).contiguous().data<float>().ToArray();
    }

    private unsafe LumaPlane Strided(LumaPlane plane)
    {
        LumaPlane wide = _jobs.Plane(plane.Width + 5, plane.Height);
        LumaPlane view = new(wide.Data + 2, plane.Width, plane.Height, wide.Stride);
        for (int y = 0; y < plane.Height; y++)
            plane.Row(y).CopyTo(view.Row(y));
        return view;
    }
}
