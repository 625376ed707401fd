using EmmaStream.Fusion.Classical;

namespace EmmaStream.Fusion.Tests.Classical;

public sealed class PointwiseFuserTests : IDisposable
{
    private readonly LumaBuffer _infrared = new(), _visible = new(), _fused = new();

    public void Dispose()
    {
        _infrared.Dispose();
        _visible.Dispose();
        _fused.Dispose();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(33, 5)]
    [InlineData(640, 2)]
    public void Average_is_the_mean_of_both(int width, int height) =>
        Check(new AverageFuser(), width, height, (a, b) => (a + b) * 0.5f);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 3)]
    [InlineData(640, 2)]
    public void Max_is_the_brighter_of_both(int width, int height) => Check(new MaximumFuser(), width, height, MathF.Max);

    [Fact]
    public void Nothing_is_allocated()
    {
        using AverageFuser fuser = new();
        FusionJob[] jobs = [Job(64, 48)];
        fuser.Fuse(jobs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            fuser.Fuse(jobs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Check(PointwiseFuser fuser, int width, int height, Func<float, float, float> definition)
    {
        FusionJob job = Job(width, height);
        fuser.Fuse([job]);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                Assert.Equal(definition(job.Infrared.Row(y)[x], job.Visible.Row(y)[x]), job.Fused.Row(y)[x]);
        }
    }

    private FusionJob Job(int width, int height)
    {
        Random random = new(width * 31 + height);
        FusionJob job = new(_infrared.Plane(width, height), _visible.Plane(width, height), _fused.Plane(width, height));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                (job.Infrared.Row(y)[x], job.Visible.Row(y)[x]) = (random.NextSingle(), random.NextSingle());
        }
        return job;
    }
}
