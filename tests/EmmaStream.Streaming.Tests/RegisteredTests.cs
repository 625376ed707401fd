using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Registration;
using EmmaStream.Registration.Files;
using EmmaStream.Streaming.Tests.Parts;
using EmmaStream.Testing;
using Serilog.Core;

namespace EmmaStream.Streaming.Tests;

/// <summary>The registration's way through the graph: what the infrared does not cover comes from the visible.</summary>
public sealed class RegisteredTests : IDisposable
{
    private static readonly FrameFormat Gray = new(PixelFormat.Gray8, new FrameSize(64, 48));
    private readonly LeakCheckedPool _pool = new();

    [Fact]
    public async Task What_the_infrared_does_not_cover_is_filled_from_the_visible()
    {
        CollectingSink sink = new();
        ListSource ir = Flat(2, 200), vi = Flat(2, 100);
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, ir, vi, [sink], registration: Shifted(right: 20));
        Assert.Equal(2, run.Ledger.Fused);
        foreach (Delivered frame in sink.Frames)
        {
            for (int x = 0; x < 64; x++)
            {
                // Rows at the middle: only the left edge is open. The soft edge rises over 8 pixels.
                int luma = frame.Fused[24 * 64 + x];
                if (x < 20)
                    Assert.Equal(100, luma);
                else if (x is >= 29 and < 55)
                    Assert.Equal(150, luma);
                else
                    Assert.InRange(luma, 100, 150);
            }
        }
    }

    [Fact]
    public async Task The_output_size_of_the_registration_holds()
    {
        CollectingSink sink = new();
        await GraphRun.RunAsync(_pool.Pool, Flat(1, 10), Flat(1, 30), [sink], registration: Shifted(0) with { Output = new FrameSize(32, 24) });
        Assert.Equal(new FrameSize(32, 24), Assert.Single(sink.Frames).Format.Size);
    }

    [Fact]
    public void A_registration_of_other_sizes_is_refused_before_anything_runs()
    {
        using FramePool pool = new();
        GraphParts parts = new()
        {
            Infrared = Flat(1, 0),
            Visible = Flat(1, 0),
            Fuser = new Fusion.Classical.AverageFuser(),
            Sinks = [new CollectingSink()],
            Pool = pool,
            Registration = Shifted(0) with { Infrared = new FrameSize(320, 240) },
        };
        Fault fault = Assert.Throws<Fault>(() => Graph.Build(parts, TimeProvider.System, Logger.None, CancellationToken.None));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.Contains("320x240", fault.Message, StringComparison.Ordinal);
        Assert.Contains("64x48", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_infrared_picture_of_another_size_in_the_middle_ends_the_run_with_a_line_for_the_user()
    {
        CollectingSink sink = new();
        ListSource ir = new(_pool.Pool, Gray, 10) { FormatOf = n => n < 4 ? Gray : Gray with { Size = new FrameSize(32, 24) } };
        GraphRun run = await GraphRun.RunAsync(_pool.Pool, ir, Flat(10, 30), [sink], registration: Shifted(3));
        Fault fault = Assert.IsType<Fault>(run.Outcome.Reason);
        Assert.Equal((EndKind.Failed, FaultKind.Input), (run.Outcome.Kind, fault.Kind));
        Assert.Contains("32x24", fault.Message, StringComparison.Ordinal);
        Assert.Equal(4, sink.Frames.Count);
    }

    public void Dispose() => _pool.Dispose();

    private ListSource Flat(int count, byte level) => new(_pool.Pool, Gray, count) { Paint = (frame, _) => frame.WritableBytes.Fill(level) };

    private static RegistrationFile Shifted(double right) => new()
    {
        Infrared = Gray.Size,
        Visible = Gray.Size,
        Output = Gray.Size,
        InfraredToVisible = new Homography(1, 0, right, 0, 1, 0, 0, 0, 1),
    };
}
