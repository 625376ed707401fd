using EmmaStream.Core.Faults;
using EmmaStream.Testing;
using EmmaStream.Training.Data;
using EmmaStream.Training.Options;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace EmmaStream.Training.Tests.Data;

public class PairSetsTests
{
    [Fact]
    public async Task Reads_pairs_by_name_in_order()
    {
        using TemporaryFolder folder = new();
        (PairSets sets, _) = await LoadAsync(SmallPairs.Write(folder.FullPath));
        Assert.Equal(["pair0", "pair1", "pair2", "pair3"], sets.Sets[0].Select(p => p.Name));
        Assert.All(sets.Sets[0], p => Assert.Equal((56, 48, 56 * 48, 56 * 48), (p.Width, p.Height, p.Infrared.Length, p.Visible.Length)));
        Assert.Equal(0, sets.Skipped);
    }

    [Fact]
    public async Task Lists_choose_and_leave_out()
    {
        using TemporaryFolder folder = new();
        PairSetOptions set = SmallPairs.Write(folder.FullPath);
        string only = Path.Combine(folder.FullPath, "only.txt"), except = Path.Combine(folder.FullPath, "except.txt");
        File.WriteAllLines(only, ["pair0.jpg", "pair2", "", "pair3.png"]);
        File.WriteAllLines(except, ["pair3"]);
        (PairSets sets, _) = await LoadAsync(set with { Only = only, Except = except });
        Assert.Equal(["pair0", "pair2"], sets.Sets[0].Select(p => p.Name));
    }

    [Fact]
    public async Task Corrupt_and_unpaired_pictures_are_named_counted_and_left_out()
    {
        using TemporaryFolder folder = new();
        PairSetOptions set = SmallPairs.Write(folder.FullPath);
        File.WriteAllText(Path.Combine(set.Visible, "pair1.png"), "no picture");
        File.Delete(Path.Combine(set.Infrared, "pair2.png"));
        (PairSets sets, string[] warnings) = await LoadAsync(set);
        Assert.Equal(["pair0", "pair3"], sets.Sets[0].Select(p => p.Name));
        Assert.Equal(2, sets.Skipped);
        Assert.Contains(warnings, w => w.Contains("pair2", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("pair1.png", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sizes_that_differ_are_a_fault_with_both()
    {
        using TemporaryFolder folder = new();
        PairSetOptions set = SmallPairs.Write(folder.FullPath);
        SmallPairs.Save(Path.Combine(set.Visible, "pair1.png"), SmallPairs.Picture(20, 20, (_, _) => 1));
        Fault fault = await Assert.ThrowsAsync<Fault>(() => LoadAsync(set));
        Assert.Contains("pair1: infrared is 56x48, visible 20x20", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_pairs_is_a_fault()
    {
        using TemporaryFolder folder = new();
        PairSetOptions set = SmallPairs.Write(folder.FullPath, count: 0);
        Assert.Contains("no pair in them", (await Assert.ThrowsAsync<Fault>(() => LoadAsync(set))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scale_halves_by_area()
    {
        using TemporaryFolder folder = new();
        PairSetOptions set = SmallPairs.Write(folder.FullPath, count: 1);
        (PairSets whole, _) = await LoadAsync(set);
        (PairSets half, _) = await LoadAsync(set with { Scale = 0.5 });
        TrainingPair a = whole.Sets[0][0], b = half.Sets[0][0];
        Assert.Equal((28, 24), (b.Width, b.Height));
        Assert.InRange(b.Visible[0] - ((a.Visible[0] + a.Visible[1] + a.Visible[56] + a.Visible[57]) / 4.0), -1, 1);
    }

    [Fact]
    public async Task Every_takes_every_nth()
    {
        using TemporaryFolder folder = new();
        (PairSets sets, _) = await LoadAsync(SmallPairs.Write(folder.FullPath) with { Every = 2 });
        Assert.Equal(["pair0", "pair2"], sets.Sets[0].Select(p => p.Name));
    }

    [Fact]
    public async Task Recordings_pair_frame_by_frame()
    {
        string samples = Repository.PathOf("samples");
        PairSetOptions set = new() { Infrared = Path.Combine(samples, "aligned-ir.mp4"), Visible = Path.Combine(samples, "aligned-vi.mp4"), Every = 20 };
        (PairSets sets, _) = await LoadAsync(set);
        Assert.True(sets.Sets[0].Count >= 3);
        Assert.All(sets.Sets[0], p => Assert.Equal((320, 240), (p.Width, p.Height)));
        Assert.Equal("samples-000020", sets.Sets[0][1].Name);
    }

    [Fact]
    public async Task Fused_pictures_of_other_methods_join_their_pairs()
    {
        using TemporaryFolder folder = new();
        PairSetOptions set = SmallPairs.Write(folder.FullPath);
        string fused = Path.Combine(folder.FullPath, "fused");
        Directory.CreateDirectory(fused);
        SmallPairs.Save(Path.Combine(fused, "pair1.png"), SmallPairs.Picture(56, 48, (x, _) => x));
        SmallPairs.Save(Path.Combine(fused, "pair2.png"), SmallPairs.Picture(12, 10, (x, _) => x));        // another size
        SmallPairs.Save(Path.Combine(fused, "other.png"), SmallPairs.Picture(56, 48, (x, _) => x));
        (PairSets sets, _) = await LoadAsync(set);
        Assert.Equal(1, sets.AddPublished([new FusedSetOptions { Folder = fused }], Logger.None));
        Assert.Equal([0, 1, 0, 0], sets.Sets[0].Select(p => p.Published.Count));
    }

    private static async Task<(PairSets Sets, string[] Warnings)> LoadAsync(PairSetOptions set)
    {
        Warnings warnings = new();
        using Logger log = new LoggerConfiguration().WriteTo.Sink(warnings).CreateLogger();
        return (await PairSets.LoadAsync([set], log, TestContext.Current.CancellationToken), [.. warnings.Lines]);
    }

    private sealed class Warnings : ILogEventSink
    {
        public List<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            lock (Lines)
            {
                if (logEvent.Level == LogEventLevel.Warning)
                    Lines.Add(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
