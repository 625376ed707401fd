using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Core.Time;
using EmmaStream.Streaming.Tests.Parts;
using EmmaStream.Testing;

namespace EmmaStream.Streaming.Tests;

/// <summary>Streams that find each other in less than half of their frames are told of in one line that says what to do.</summary>
public sealed class PairingWarningTests : IDisposable
{
    private static readonly FrameFormat Gray = new(PixelFormat.Gray8, new FrameSize(16, 16));
    private readonly LeakCheckedPool _pool = new();

    [Theory]
    [InlineData(0, 50, null)]
    [InlineData(0.92, 50, null)]                 // 27 of 50
    [InlineData(1.2, 50, "Only 20 of 50 visible frames were fused, the others are passed on alone: the visible covers 0 to 1.96 s, the infrared 1.2 s and later (with its offset), and frames pair that are at most 25 ms apart. Where the clocks of the two cameras differ, give the difference with --ir-offset, or pair by number with --pair index")]
    [InlineData(100, 50, "None of 50 visible frames was fused, the others are passed on alone: the visible covers 0 to 1.96 s, the infrared 100 s and later (with its offset), and frames pair that are at most 25 ms apart. Where the clocks of the two cameras differ, give the difference with --ir-offset (-100000 brings the first frames together), or pair by number with --pair index")]
    [InlineData(-100, 50, "None of 50 visible frames was fused, the others are passed on alone: the visible covers 0 to 1.96 s, the infrared -100 to -98.04 s (with its offset), and frames pair that are at most 25 ms apart. Where the clocks of the two cameras differ, give the difference with --ir-offset (100000 brings the first frames together), or pair by number with --pair index")]
    [InlineData(0, 0, "None of 50 visible frames was fused, the others are passed on alone: the infrared has no frame in this part of the recording. Check --start, and --ir-offset if the clocks of the two cameras differ")]
    public async Task By_time(double infraredStart, int infraredFrames, string? expected) =>
        Assert.Equal(expected, await WarningAsync(infraredStart, infraredFrames, new PairingOptions()));

    [Fact]
    public async Task The_offset_in_use_is_part_of_the_advice()
    {
        string? warning = await WarningAsync(10, 50, new PairingOptions { PartnerOffset = TimeSpan.FromSeconds(5) });
        Assert.Contains("the infrared 15 s and later", warning, StringComparison.Ordinal);
        Assert.Contains("--ir-offset (-10000 brings", warning, StringComparison.Ordinal);
        Assert.Null(await WarningAsync(10, 50, new PairingOptions { PartnerOffset = TimeSpan.FromSeconds(-10) }));
    }

    [Fact]
    public async Task By_number()
    {
        Assert.Null(await WarningAsync(100, 25, new PairingOptions { By = PairBy.Index }));
        Assert.Equal(
            "Only 24 of 50 visible frames were fused, the others are passed on alone: the infrared has 24 frames, and frame n is paired with frame n. Pair by capture time instead (--pair time) if one camera is slower",
            await WarningAsync(100, 24, new PairingOptions { By = PairBy.Index }));
    }

    public void Dispose() => _pool.Dispose();

    private async Task<string?> WarningAsync(double infraredStart, int infraredFrames, PairingOptions pairing)
    {
        ListSource infrared = new(_pool.Pool, Gray, infraredFrames) { Start = Timestamp.FromMilliseconds(1000 * infraredStart) };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, infrared, new ListSource(_pool.Pool, Gray, 50), [new CollectingSink()], pairing: pairing);
        return PairingWarning.Of(run.Ledger, run.Graph.Matcher);
    }
}
