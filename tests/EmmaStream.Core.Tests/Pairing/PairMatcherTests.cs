using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Testing;
using FsCheck;
using FsCheck.Xunit;

namespace EmmaStream.Core.Tests.Pairing;

public class PairMatcherTests
{
    // Times in ms; the outcome of each master frame is its partner's time, or why it went alone.
    [Theory]
    [InlineData("equal times", "0 40 80", "0 40 80", "0 40 80")]
    [InlineData("nearest, half a period apart at most", "0 40 80", "19 59 99", "19 59 99")]
    [InlineData("a tie goes to the earlier", "20 60", "0 40 80", "0 40")]
    [InlineData("9 fps under 30 fps is fused throughout", "0 33 67 100 133 167 200", "0 111 222", "0 0 111 111 111 222 222")]
    [InlineData("30 fps under 9 fps", "0 111 222", "0 33 67 100 133 167 200 233", "0 100 233")]
    [InlineData("partner starts late", "0 40 80 120", "80 120", "PartnerNotStarted PartnerNotStarted 80 120", 25)]
    [InlineData("partner ends early: held for two periods, then alone", "0 40 80 120 160 200", "0 40", "0 40 40 40 PartnerEnded PartnerEnded")]
    [InlineData("a gap in the partner", "0 40 80 120 160 200 240 280 320", "0 40 320", "0 40 40 40 SkewTooLarge SkewTooLarge SkewTooLarge 320 320", 45)]
    [InlineData("no partner at all", "0 40", "", "PartnerNotStarted PartnerNotStarted")]
    [InlineData("no master at all", "", "0 40", "")]
    [InlineData("variable rate", "0 10 90 100 250", "0 95 240", "0 0 95 95 240", 30)]
    public void Table(string story, string master, string partner, string outcome, int? maxSkewMs = null)
    {
        PairingOptions options = new() { MaxSkew = maxSkewMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null };
        Assert.True(outcome == Run(Times(master), Times(partner), options, out _), $"{story}: {Run(Times(master), Times(partner), options, out _)}");
    }

    [Fact]
    public void Without_holding_a_gap_passes_frames_alone() => Assert.Equal(
        "0 40 SkewTooLarge SkewTooLarge 160",
        Run([0, 40, 80, 120, 160], [0, 40, 160], new() { HoldLast = false, MaxSkew = TimeSpan.FromMilliseconds(20) }, out _));

    [Fact]
    public void The_offset_moves_the_partner_before_pairing() => Assert.Equal(
        "500 540", Run([0, 40], [500, 540], new() { PartnerOffset = TimeSpan.FromMilliseconds(-500) }, out _));

    [Fact]
    public void By_index_frame_n_belongs_to_frame_n() => Assert.Equal(
        "0 1000 PartnerEnded", Run([0, 40, 80], [0, 1000], new() { By = PairBy.Index }, out _));

    [Fact]
    public void A_pair_of_which_one_picture_cannot_be_read_is_left_out_and_the_next_ones_are_paired()
    {
        using LeakCheckedPool pool = new();
        FrameLedger ledger = new();
        using (PairMatcher matcher = new(new PairingOptions { By = PairBy.Index }, ledger, default, default) { PartnerUnreadable = n => n is 0 or 2 or 6, MasterUnreadable = n => n == 4 })
        {
            double[] master = [0, 40, 80, 120, 200, 240], partner = [40, 120, 160, 200];
            Assert.Equal("gone 40 gone 120 200 gone", Feed(matcher, pool.Pool, master, partner, [0, 1, 2, 3, 5, 6], [1, 3, 4, 5]));
        }
        LedgerSnapshot snapshot = ledger.Snapshot();
        Assert.Equal(3, snapshot.Dropped[FrameReason.PartnerUnreadable]);
        Assert.Equal(1, snapshot.Unused[FrameReason.MasterUnreadable]);
        Assert.Empty(snapshot.Passed);
        Assert.Equal(0, snapshot.PartnerInFlight);
    }

    [Fact]
    public void What_was_read_of_both_streams_is_known()
    {
        using LeakCheckedPool pool = new();
        using PairMatcher matcher = new(new PairingOptions { PartnerOffset = TimeSpan.FromSeconds(2) }, new FrameLedger(), default, default);
        Assert.Null(matcher.MasterSpan);
        Feed(matcher, pool.Pool, [0, 40, 80], [500, 540]);
        Assert.Equal(new StreamSpan(default, new(80_000_000), true), matcher.MasterSpan);
        Assert.Equal(new StreamSpan(new(2_500_000_000), new(2_500_000_000), false), matcher.PartnerSpan);   // the second one was never asked for
    }

    [Fact]
    public void The_skew_is_measured_for_every_pair()
    {
        using LeakCheckedPool pool = new();
        FrameLedger ledger = new();
        using PairMatcher matcher = new(new PairingOptions(), ledger, TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(40));
        Feed(matcher, pool.Pool, [.. Enumerable.Range(0, 100).Select(i => 40.0 * i)], [.. Enumerable.Range(0, 100).Select(i => 40.0 * i + (i == 50 ? 12 : 3))]);
        Assert.Equal(3, matcher.Skew.PercentileMs(0.5), 1);
        Assert.Equal(3, matcher.Skew.PercentileMs(0.95), 1);
        Assert.Equal(12, matcher.Skew.MaximumMs, 3);
    }

    [Property(MaxTest = 300)]
    public bool Every_frame_is_accounted_for_and_no_nearer_partner_exists(PositiveInt[] masterSteps, PositiveInt[] partnerSteps, int start)
    {
        double[] master = Cumulate(masterSteps, 0), partner = Cumulate(partnerSteps, start % 300);
        PairingOptions options = new() { HoldLast = false, MaxSkew = TimeSpan.FromMilliseconds(30) };
        string[] outcome = Run(master, partner, options, out LedgerSnapshot ledger).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool right = outcome.Length == master.Length && ledger.MasterIn == master.Length && ledger.PartnerInFlight == 0;
        for (int i = 0; i < master.Length && right; i++)
        {
            double nearest = partner.Length == 0 ? double.PositiveInfinity : partner.Min(p => Math.Abs(p - master[i]));
            right = double.TryParse(outcome[i], out double chosen) ? Math.Abs(chosen - master[i]) == nearest && nearest <= 30 : nearest > 30;
        }
        return right;
    }

    private static double[] Cumulate(PositiveInt[] steps, int start)
    {
        double time = start;
        return [.. steps.Select(s => time += s.Get % 60 + 1)];
    }

    private static double[] Times(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)];

    private static string Run(double[] master, double[] partner, PairingOptions options, out LedgerSnapshot snapshot)
    {
        using LeakCheckedPool pool = new();
        FrameLedger ledger = new();
        string outcome;
        using (PairMatcher matcher = new(options, ledger, TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(40)))
            outcome = Feed(matcher, pool.Pool, master, partner);
        snapshot = ledger.Snapshot();
        Assert.Equal(0, snapshot.PartnerInFlight);
        return outcome;
    }

    private static string Feed(PairMatcher matcher, FramePool pool, double[] master, double[] partner, int[]? masterNumbers = null, int[]? partnerNumbers = null)
    {
        List<string> outcomes = [];
        (int m, int p) = (0, 0);
        while (matcher.Need != PairingNeed.End)
        {
            switch (matcher.Need)
            {
                case PairingNeed.Master when m < master.Length:
                    matcher.AddMaster(Some.Frame(pool, master[m], sequence: masterNumbers?[m++] ?? m++));
                    break;
                case PairingNeed.Master:
                    matcher.EndMaster();
                    break;
                case PairingNeed.Partner when p < partner.Length:
                    matcher.AddPartner(Some.Frame(pool, partner[p], sequence: partnerNumbers?[p++] ?? p++));
                    break;
                case PairingNeed.Partner:
                    matcher.EndPartner();
                    break;
                default:
                    using (FramePair? pair = matcher.Take())
                        outcomes.Add(pair is null ? "gone" : pair.Partner is null ? pair.Reason.ToString() : (pair.Partner.CaptureTime.Nanoseconds / 1_000_000).ToString());
                    break;
            }
        }
        return string.Join(' ', outcomes);
    }
}
