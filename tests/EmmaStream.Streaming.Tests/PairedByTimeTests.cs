using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Core.Time;
using EmmaStream.Media.TestPattern;
using EmmaStream.Streaming.Tests.Parts;
using EmmaStream.Testing;

namespace EmmaStream.Streaming.Tests;

/// <summary>
/// Two views of the test pattern with different rates, starts and lengths: the frame numbers burnt into both, read back from what the sinks
/// get, say which frames were paired.
/// </summary>
public sealed class PairedByTimeTests : IDisposable
{
    private static readonly FrameSize Size = new(160, 120);
    private readonly LeakCheckedPool _pool = new();

    [Theory]
    [InlineData(9, 30, 1)]
    [InlineData(22, 30, 1)]
    [InlineData(30, 22, 1)]
    [InlineData(25, 25, 1)]
    [InlineData(60, 25, 1)]
    [InlineData(30000, 25, 1001)]
    public async Task Every_visible_frame_gets_the_infrared_frame_nearest_in_time(int infraredRate, int visibleRate, int infraredDenominator)
    {
        RationalTime ir = new(infraredRate, infraredDenominator), vi = new(visibleRate, 1);
        List<(long Visible, long? Infrared)> pairs = [];
        GraphRun run = await FuseAsync(ir, vi, TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), pairs);
        Assert.Equal(3 * visibleRate, pairs.Count);
        Assert.Equal(run.Ledger.MasterIn, run.Ledger.Fused);
        for (int n = 0; n < pairs.Count; n++)
            Assert.Equal((n, Math.Min(Nearest(n / vi.Value, ir.Value, 0), run.Ledger.PartnerIn - 1)), pairs[n]);
        double longest = pairs.Max(p => Math.Abs(p.Infrared!.Value / ir.Value - p.Visible / vi.Value)) * 1000;
        Assert.Equal(longest, run.Graph.Matcher.Skew.MaximumMs, 0.01);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-400)]
    [InlineData(33)]
    public async Task An_offset_moves_the_infrared_in_time(int offsetMs)
    {
        List<(long Visible, long? Infrared)> pairs = [];
        await FuseAsync(new(25, 1), new(25, 1), TimeSpan.FromMilliseconds(offsetMs), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2), pairs);
        foreach ((long visible, long? infrared) in pairs)
        {
            long nearest = Nearest(visible / 25.0, 25, offsetMs / 1000.0);
            bool isNear = Math.Abs(nearest / 25.0 + offsetMs / 1000.0 - visible / 25.0) < 0.025;
            if (infrared is { } number)
                Assert.Equal(nearest, number);
            else
                Assert.False(isNear, $"visible {visible} went on alone though infrared {nearest} lies near");
        }
        // Only an infrared that begins more than the largest skew (25 ms) late leaves frames alone.
        Assert.Equal(offsetMs > 25, pairs.Exists(p => p.Infrared is null));
    }

    [Fact]
    public async Task A_shorter_infrared_is_held_for_two_periods_and_then_the_visible_goes_on_alone()
    {
        List<(long Visible, long? Infrared)> pairs = [];
        GraphRun run = await FuseAsync(new(9, 1), new(30, 1), TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), pairs);
        // Infrared 0 to 8, the last at 889 ms; two periods of 111 ms later is 1111 ms: visible 33 (1100 ms) still has it, 34 not.
        Assert.All(pairs.Take(34), p => Assert.NotNull(p.Infrared));
        Assert.All(pairs.Skip(34), p => Assert.Null(p.Infrared));
        Assert.Equal(8, pairs[33].Infrared);
        Assert.Equal(60 - 34, run.Ledger.Passed[FrameReason.PartnerEnded]);
        Assert.Equal((9, 9, 25), (run.Ledger.PartnerIn, run.Ledger.Used, run.Ledger.Reused));
    }

    [Fact]
    public async Task A_longer_infrared_is_left_unused_at_its_end()
    {
        List<(long Visible, long? Infrared)> pairs = [];
        GraphRun run = await FuseAsync(new(25, 1), new(25, 1), TimeSpan.Zero, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(1), pairs);
        Assert.Equal(25, run.Ledger.Fused);
        Assert.True(run.Ledger.PartnerIn < 100, $"{run.Ledger.PartnerIn} infrared frames were read for 25 visible ones");
        Assert.Equal(25, run.Ledger.Used);
    }

    [Fact]
    public async Task By_number_frame_n_meets_frame_n_whatever_the_times()
    {
        List<(long Visible, long? Infrared)> pairs = [];
        GraphRun run = await FuseAsync(
            new(9, 1), new(30, 1), TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), pairs, new PairingOptions { By = PairBy.Index });
        Assert.All(pairs, p => Assert.Equal(p.Visible < 18 ? p.Visible : null, p.Infrared));
        Assert.Equal(12, run.Ledger.Passed[FrameReason.PartnerEnded]);
    }

    public void Dispose() => _pool.Dispose();

    private async Task<GraphRun> FuseAsync(
        RationalTime infraredRate, RationalTime visibleRate, TimeSpan offset, TimeSpan infraredLength, TimeSpan visibleLength,
        List<(long Visible, long? Infrared)> pairs, PairingOptions? pairing = null)
    {
        TestPatternOptions pattern = new() { VisibleSize = Size, InfraredSize = Size, InfraredRate = infraredRate, VisibleRate = visibleRate };
        CollectingSink sink = new() { OnFrame = (frame, _) => pairs.Add(Read(frame)) };
        GraphRun run = await GraphRun.RunAsync(
            _pool.Pool,
            new TestPatternSource(StreamRole.Infrared, pattern with { Duration = infraredLength }, _pool.Pool),
            new TestPatternSource(StreamRole.Visible, pattern with { Duration = visibleLength }, _pool.Pool),
            [sink], pairing: pairing ?? new PairingOptions { PartnerOffset = offset });
        Assert.Equal(EndKind.Completed, run.Outcome.Kind);
        Assert.Equal(run.Ledger.Delivered, pairs.Count);
        return run;
    }

    private static (long Visible, long? Infrared) Read(FusedFrame frame)
    {
        Assert.True(FrameCounter.TryRead(frame.Visible!, CounterCorner.UpperRight, out long visible));
        Assert.Equal(frame.Fused.Stamp.Sequence, visible);
        if (frame.Infrared is null)
            return (visible, null);
        Assert.True(FrameCounter.TryRead(frame.Infrared, CounterCorner.LowerLeft, out long infrared));
        // Both survive in the fused picture too.
        Assert.True(FrameCounter.TryRead(frame.Fused, CounterCorner.UpperRight, out long visibleInFused) && visibleInFused == visible);
        Assert.True(FrameCounter.TryRead(frame.Fused, CounterCorner.LowerLeft, out long infraredInFused) && infraredInFused == infrared);
        return (visible, infrared);
    }

    // The earlier one at a tie; to the nanosecond of the time stamps.
    private static long Nearest(double second, double rate, double offset)
    {
        long guess = Math.Max(0, (long)Math.Round((second - offset) * rate));
        return new[] { guess - 1, guess, guess + 1 }.Where(k => k >= 0).MinBy(k => (Math.Round(Math.Abs(k / rate + offset - second), 6), k));
    }
}
