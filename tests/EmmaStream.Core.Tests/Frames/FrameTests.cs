using EmmaStream.Core.Frames;
using EmmaStream.Testing;

namespace EmmaStream.Core.Tests.Frames;

public class FrameTests
{
    [Fact]
    public void Memory_returns_to_the_pool_after_the_last_owner()
    {
        using FramePool pool = new();
        Frame first = Some.Frame(pool);
        Frame second = first.Share();
        first.Dispose();
        Assert.Equal(1, pool.Outstanding);
        Assert.Equal(128, second.Plane(0).Bytes[0]);
        second.Dispose();
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Disposing_one_owner_twice_does_not_take_the_other_owners_hold()
    {
        using FramePool pool = new();
        Frame first = Some.Frame(pool);
        using Frame second = first.Share();
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, pool.Outstanding);
        Assert.Equal(128, second.Bytes[0]);
    }

    [Fact]
    public void Shared_frames_are_read_only()
    {
        using LeakCheckedPool checkedPool = new();
        using Frame first = Some.Frame(checkedPool.Pool);
        using (Frame second = first.Share())
            Assert.Throws<InvalidOperationException>(() => first.WritablePlane(0));
        first.WritablePlane(0).Bytes[0] = 7;
        Assert.Equal(7, first.Bytes[0]);
    }

    [Fact]
    public void A_disposed_owner_cannot_be_read()
    {
        using FramePool pool = new();
        Frame frame = Some.Frame(pool, source: "vi.mp4", sequence: 3);
        frame.Dispose();
        ObjectDisposedException error = Assert.Throws<ObjectDisposedException>(() => frame.Plane(0));
        Assert.Contains("frame 3 of vi.mp4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pool_lends_the_same_memory_again_and_names_who_holds_it()
    {
        using FramePool pool = new();
        Some.Frame(pool).Dispose();
        using Frame again = Some.Frame(pool, source: "ir.mp4", sequence: 9);
        Assert.Equal(256, pool.Bytes);
        Assert.StartsWith("ir.mp4 #9", Assert.Single(pool.Holders()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_leak_fails_the_test_that_made_it()
    {
        LeakCheckedPool checkedPool = new();
        using Frame leaked = Some.Frame(checkedPool.Pool, source: "lost");
        Assert.Contains("lost", Assert.Throws<InvalidOperationException>(checkedPool.Dispose).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PixelFormat.Gray8, 15)]
    [InlineData(PixelFormat.Gray16, 30)]
    [InlineData(PixelFormat.GrayF32, 60)]
    [InlineData(PixelFormat.Bgr24, 45)]
    [InlineData(PixelFormat.Yuv420P, 15 + 6 + 6)]
    [InlineData(PixelFormat.Nv12, 15 + 12)]
    public void Odd_sizes_round_chroma_up(PixelFormat pixels, int bytes)
    {
        FrameFormat format = new(pixels, new FrameSize(5, 3));
        Assert.Equal(bytes, format.ByteSize);
        Assert.Equal(bytes, Enumerable.Range(0, format.PlaneCount).Sum(p => format.StrideBytes(p) * format.Rows(p)));
    }

    [Fact]
    public void Many_threads_sharing_and_disposing_leave_nothing_out()
    {
        using LeakCheckedPool checkedPool = new();
        using Frame frame = Some.Frame(checkedPool.Pool);
        Parallel.For(0, 2000, _ =>
        {
            using Frame a = frame.Share();
            using Frame b = a.Share();
        });
        Assert.False(frame.IsShared);
    }
}
