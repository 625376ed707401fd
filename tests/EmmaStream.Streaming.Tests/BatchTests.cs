using EmmaStream.Core.Frames;
using EmmaStream.Core.Time;
using EmmaStream.Fusion.Levels;
using EmmaStream.Streaming.Fusing;
using EmmaStream.Streaming.Tests.Parts;
using EmmaStream.Testing;

namespace EmmaStream.Streaming.Tests;

/// <summary>How many pairs go into one call of the fuser changes nothing that anyone can see.</summary>
public sealed class BatchTests : IDisposable
{
    private static readonly FrameFormat Video = new(PixelFormat.Yuv420P, new FrameSize(31, 17), ColorRange.Limited);
    private readonly LeakCheckedPool _pool = new();

    [Theory]
    [InlineData(2, LevelsMode.None)]
    [InlineData(4, LevelsMode.PerFrame)]
    [InlineData(7, LevelsMode.Smooth)]
    [InlineData(64, LevelsMode.Smooth)]
    public async Task Batches_give_the_same_frames_in_the_same_order(int batch, LevelsMode levels)
    {
        IReadOnlyList<Delivered> one = await FuseAsync(1, levels), many = await FuseAsync(batch, levels);
        // The infrared begins 6 frames late and ends 5 early: frames that go on alone lie before, and behind the last full batch.
        Assert.Equal(60, one.Count);
        Assert.Contains(one, f => f.Reason == FrameReason.PartnerNotStarted);
        Assert.Contains(one, f => f.Reason == FrameReason.PartnerEnded);
        Assert.Equal(Enumerable.Range(0, 60), many.Select(f => (int)f.Stamp.Sequence));
        Assert.Equal(one.Select(f => f.Reason), many.Select(f => f.Reason));
        Assert.Equal(one.Select(f => Convert.ToHexString(f.Fused)), many.Select(f => Convert.ToHexString(f.Fused)));
    }

    public void Dispose() => _pool.Dispose();

    private async Task<IReadOnlyList<Delivered>> FuseAsync(int batch, LevelsMode levels)
    {
        CollectingSink sink = new();
        ListSource infrared = new(_pool.Pool, Video, 49) { Start = Timestamp.FromMilliseconds(240), Paint = Noise(1) };
        ListSource visible = new(_pool.Pool, Video, 60) { Paint = Noise(2) };
        await GraphRun.RunAsync(_pool.Pool, infrared, visible, [sink], fusion: new FusionSettings { Batch = batch, Levels = levels });
        return sink.Frames;
    }

    private static Action<Frame, int> Noise(int seed) => (frame, n) => new Random(1000 * seed + n).NextBytes(frame.WritableBytes);
}
