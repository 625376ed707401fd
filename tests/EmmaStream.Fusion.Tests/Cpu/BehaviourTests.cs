using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Cpu;
using EmmaStream.Fusion.Cpu.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.Fusion.Tests.Cpu;

public sealed class BehaviourTests
{
    private const int Width = 200, Height = 136, Pixels = Width * Height;

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        float[] ir = Fused.Noise(Pixels, 1), vi = Fused.Noise(Pixels, 2);
        float[] Result(int threads)
        {
            using var fuser = new EmmaCpuFuser(GoldenCase.OverrideWeights, new() { Threads = threads });
            return Fused.By(fuser, ir, vi, Width, Height);
        }
        float[] one = Result(1);
        foreach (int threads in new[] { 2, 3, 5, 8 })
            Assert.Equal(one, Result(threads));
    }

    [Fact]
    public void Batches_and_repetition_do_not_change_a_bit()
    {
        float[] ir = Fused.Noise(5 * Pixels, 3), vi = Fused.Noise(5 * Pixels, 4);
        using var fuser = new EmmaCpuFuser(GoldenCase.OverrideWeights, new() { Threads = 2 });
        float[] together = Fused.By(fuser, ir, vi, Width, Height, 5);
        Assert.Equal(together, Fused.By(fuser, ir, vi, Width, Height, 5));
        for (int i = 0; i < 5; i++)
            Assert.Equal(together[(i * Pixels)..((i + 1) * Pixels)], Fused.By(fuser, ir[(i * Pixels)..((i + 1) * Pixels)], vi[(i * Pixels)..((i + 1) * Pixels)], Width, Height));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    public unsafe void Nothing_is_allocated_once_a_size_is_known(int threads, int batch)
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = threads });
        using LumaBuffer infrared = new(), visible = new(), fused = new();
        LumaPlane ir = infrared.Plane(64, 48), vi = visible.Plane(64, 48 * batch), result = fused.Plane(64, 48 * batch);
        for (int i = 0; i < 64 * 48 * batch; i++)
            vi.Data[i] = 0.5f;
        for (int i = 0; i < 64 * 48; i++)
            ir.Data[i] = 0.25f;
        FusionJob[] jobs = [.. Enumerable.Range(0, batch).Select(i => new FusionJob(ir, new(vi.Data + (i * 64 * 48), 64, 48, 64), new(result.Data + (i * 64 * 48), 64, 48, 64)))];
        // Code that the JIT has not optimised yet boxes what the optimised code does not: warm is when a round is free.
        long allocated = long.MaxValue;
        for (int round = 0; round < 500 && allocated > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
                fuser.Fuse(jobs);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, false)]
    public void A_sample_that_is_no_number_is_refused_and_the_next_picture_is_fused(float flaw, bool inInfrared)
    {
        float[] ir = Fused.Noise(Pixels, 5), vi = Fused.Noise(Pixels, 6);
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = 2 });
        float[] before = Fused.By(fuser, ir, vi, Width, Height);
        float[] flawed = [.. inInfrared ? ir : vi];
        flawed[Pixels - 3] = flaw;
        Fault fault = Assert.Throws<Fault>(() => Fused.By(fuser, inInfrared ? flawed : ir, inInfrared ? vi : flawed, Width, Height));
        Assert.Contains(inInfrared ? "infrared" : "visible", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Fused.By(fuser, ir, vi, Width, Height));
    }

    [Fact]
    public void Where_both_pictures_are_flawed_the_next_pair_is_fused_too()
    {
        float[] ir = Fused.Noise(Pixels, 5), vi = Fused.Noise(Pixels, 6), flawed = [float.NaN, .. ir.Skip(1)];
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = 2 });
        float[] before = Fused.By(fuser, ir, vi, Width, Height);
        Assert.Throws<Fault>(() => Fused.By(fuser, flawed, flawed, Width, Height));
        Assert.Equal(before, Fused.By(fuser, ir, vi, Width, Height));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Weights_that_are_no_numbers_are_refused_by_name(float flaw)
    {
        var weights = new WeightSet("flawed", GoldenCase.Weights.Tensors.Select(t => t.Name == "f_2.FFN.weight" ? t with { Values = [flaw, .. t.Values.Skip(1)] } : t));
        Fault fault = Assert.Throws<Fault>(() => new EmmaCpuFuser(weights).Dispose());
        Assert.Contains("f_2.FFN.weight", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_number_of_threads_out_of_range_is_refused(int threads)
        => Assert.Contains("threads", Assert.Throws<Fault>(() => new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = threads }).Dispose()).Message, StringComparison.Ordinal);

    [Fact]
    public void Pictures_of_unlike_size_are_refused()
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights);
        using LumaBuffer a = new(), b = new(), c = new();
        FusionJob[] jobs = [new(a.Plane(32, 32), b.Plane(32, 40), c.Plane(32, 32))];
        Assert.Contains("32x40", Assert.Throws<Fault>(() => fuser.Fuse(jobs)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Activations_of_the_noise_case_equal_those_of_the_published_network(int threads)
    {
        string? path = SharedData.TryPath("golden", "ufuser", "noise", "activations.npz");
        Assert.SkipWhen(path is null, SharedData.Absent);
        IReadOnlyDictionary<string, NpyFile> golden = NpyFile.LoadAll(path);
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = threads });
        var probe = new ActivationProbe();
        fuser.Engine.Watch(probe);
        Fused.By(fuser, GoldenCase.Noise);

        // Merged algebra never computes these.
        string[] never = ["qkv2", "proj", "norm2", "project_in", "dwconv", "project_out"];
        string[] wanted = [.. golden.Keys.Where(name => !never.Any(name.EndsWith))];
        Assert.Equal(45, wanted.Length);
        foreach (string name in wanted)
        {
            Assert.True(probe.Activations.ContainsKey(name), $"{name} was not recorded");
            double tolerance = 1e-5 * Math.Max(1, golden[name].Values.Max(Math.Abs));
            Assert.True(UFuserGolden.LargestDifference(golden[name].Values, probe.Activations[name]) <= tolerance, name);
        }
    }

    [Fact]
    public void Every_part_of_the_network_is_told_of_while_somebody_watches()
    {
        using var fuser = new EmmaCpuFuser(GoldenCase.Weights, new() { Threads = 1 });
        List<string> told = [];
        fuser.WatchLayers(told.Add);
        Fused.By(fuser, GoldenCase.Noise);
        string[] levels = ["1", "2", "3", "4"], downs = ["1", "2", "3"];
        string[] parts =
        [
            "infrared", "visible", "last", "up2", "up3", "up4",
            .. levels.SelectMany(n => new[] { $"I_en_{n}", $"V_en_{n}", $"f_{n}", $"de_{n}" }), .. downs.SelectMany(n => new[] { $"I_down{n}", $"V_down{n}" }),
        ];
        Assert.Equal(parts.Order(StringComparer.Ordinal), told.Distinct().Order(StringComparer.Ordinal));
        Assert.True(told.LastIndexOf("I_en_1") < told.IndexOf("V_en_1") && told.LastIndexOf("V_en_1") < told.IndexOf("I_down1"), string.Join(' ', told));
        Assert.Equal("last", told[^1]);

        told.Clear();
        fuser.WatchLayers(null);
        Fused.By(fuser, GoldenCase.Noise);
        Assert.Empty(told);
    }
}
