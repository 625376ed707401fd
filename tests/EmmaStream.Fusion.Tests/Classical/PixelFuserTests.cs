using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Classical;

namespace EmmaStream.Fusion.Tests.Classical;

public sealed class PixelFuserTests : IDisposable
{
    private readonly Planes _planes = new();

    public void Dispose() => _planes.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 5)]
    [InlineData(64, 3)]
    public void Average_and_maximum_are_pixel_by_pixel(int width, int height)
    {
        LumaPlane ir = _planes.Noise(width, height, 1), vi = _planes.Noise(width, height, 2), fused = _planes.Empty(width, height);
        using AverageFuser average = new();
        average.Fuse([new(ir, vi, fused)]);
        Assert.Equal(Planes.Values(ir).Zip(Planes.Values(vi), (a, b) => (a + b) * 0.5f), Planes.Values(fused));
        using MaximumFuser maximum = new();
        maximum.Fuse([new(ir, vi, fused)]);
        Assert.Equal(Planes.Values(ir).Zip(Planes.Values(vi), Math.Max), Planes.Values(fused));
    }

    [Fact]
    public void Fusers_allocate_nothing_per_call_once_warm()
    {
        FusionJob[] jobs = [new(_planes.Noise(65, 47, 1), _planes.Noise(65, 47, 2), _planes.Empty(65, 47)), new(_planes.Noise(32, 32, 1), _planes.Noise(32, 32, 2), _planes.Empty(32, 32))];
        foreach (IFuser fuser in new IFuser[] { new AverageFuser(), new MaximumFuser(), new LaplacianFuser() })
        {
            using (fuser)
            {
                fuser.Fuse(jobs);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 50; i++)
                    fuser.Fuse(jobs);
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    [Fact]
    public void Pictures_that_differ_in_size_are_a_fault_of_fusion()
    {
        foreach (IFuser fuser in new IFuser[] { new AverageFuser(), new MaximumFuser(), new LaplacianFuser() })
        {
            using (fuser)
            {
                Fault fault = Assert.Throws<Fault>(() => fuser.Fuse([new(_planes.Empty(8, 8), _planes.Empty(9, 8), _planes.Empty(8, 8))]));
                Assert.Equal(FaultKind.Fusion, fault.Kind);
                Assert.Contains("infrared 8x8, visible 9x8 and fused 8x8 differ in size", fault.Message);
            }
        }
    }

    [Fact]
    public void Clipping_brings_everything_into_the_unit_range()
    {
        float[] row = [-0.5f, 0, 0.25f, 1, 1.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        PixelRows.Clip(row);
        Assert.Equal([0f, 0, 0.25f, 1, 1, 0, 1, 0], row);
    }
}
