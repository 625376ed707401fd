using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;
using EmmaStream.Training.Options;
using EmmaStream.Training.Running;
using Serilog;

namespace EmmaStream.Training.Tests.Running;

public class TrainingRunTests
{
    private static readonly ILogger Silent = new LoggerConfiguration().CreateLogger();

    [Fact]
    public async Task A_resumed_run_ends_with_the_bits_of_an_uninterrupted_one()
    {
        using TemporaryFolder folder = new();
        TrainingOptions options = Options(folder.FullPath);
        string whole = Path.Combine(folder.FullPath, "whole"), parts = Path.Combine(folder.FullPath, "parts");
        await RunAsync(options, whole);
        foreach (int stopAfter in new[] { 2, 3, 4 })           // in the warm-up, in the sensing phase, in the EMMA phase
            await StopAsync(options, parts, stopAfter, resumes: stopAfter > 2);
        RunState end = await RunAsync(options, parts, resumes: true);

        Assert.Equal(3, end.Phase);
        foreach (string name in Directory.GetFiles(Path.Combine(whole, "last"), "*.safetensors").Select(f => Path.GetFileName(f)!))
        {
            WeightSet expected = WeightFile.Load(Path.Combine(whole, "last", name)), actual = WeightFile.Load(Path.Combine(parts, "last", name));
            Assert.All(expected.Tensors, t => Assert.Equal(t.Values, actual[t.Name].Values));
        }
        Assert.Equal(File.ReadAllLines(Path.Combine(whole, "losses.csv")), File.ReadAllLines(Path.Combine(parts, "losses.csv")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "best", "emma.safetensors")), File.ReadAllBytes(Path.Combine(parts, "best", "emma.safetensors")));
    }

    [Fact]
    public async Task Leaves_weights_curves_pictures_and_a_state_that_a_person_can_read()
    {
        using TemporaryFolder folder = new();
        string run = Path.Combine(folder.FullPath, "run");
        RunState end = await RunAsync(Options(folder.FullPath), run);
        Assert.Equal(["warm", "emma"], end.Trials.Select(t => t.Phase));
        Assert.All(end.Trials, trial => Assert.InRange(trial.Score, 0.01, 1));
        string state = File.ReadAllText(Path.Combine(run, "last", "state.json"));
        Assert.Contains("\"seed\": 5", state, StringComparison.Ordinal);
        Assert.Contains("\"SCD\"", state, StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(run, "curves.png")).Length > 5000);
        Assert.Single(Directory.GetFiles(Path.Combine(run, "pictures", "1-warm-00004"), "*.png"));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(run, "trials")).Length);
        Assert.Equal("EMMA U-Fuser", WeightFile.Load(Path.Combine(run, "best", "emma.safetensors")).Metadata["network"]);
    }

    [Fact]
    public async Task A_loss_that_is_no_number_stops_the_run_and_leaves_the_checkpoint_before()
    {
        using TemporaryFolder folder = new();
        TrainingOptions options = Options(folder.FullPath) with { Trial = new() { Every = 2, Pictures = 0 } };
        PhaseOptions warm = options.Phases[0] with { Steps = 50, Rate = 0.1, Ramp = 0, Fall = RateFall.None, Clip = null, Average = 0 };
        options = options with { Phases = [warm], Start = Path.Combine(folder.FullPath, "huge.safetensors") };
        WeightSet golden = WeightFile.Load(UFuserGolden.Weights);
        SafetensorsFile.Save(options.Start, new WeightSet("huge", golden.Tensors.Select(t => t.Name == "V_en_1.embed.weight" ? t with { Values = Array.ConvertAll(t.Values, _ => 3e38f) } : t)));
        string run = Path.Combine(folder.FullPath, "run");

        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options, run));
        Assert.Contains("phase warm, step 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("NaN", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_written_checkpoint_is_refused_by_name()
    {
        using TemporaryFolder folder = new();
        TrainingOptions options = Options(folder.FullPath);
        string run = Path.Combine(folder.FullPath, "run"), damaged = Path.Combine(run, "last", "emma.safetensors");
        await StopAsync(options, run, 2, resumes: false);
        using (FileStream file = File.OpenWrite(damaged))
            file.SetLength(100_000);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options, run, resumes: true));
        Assert.Contains(damaged, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_of_other_networks_is_refused()
    {
        using TemporaryFolder folder = new();
        TrainingOptions options = Options(folder.FullPath);
        string run = Path.Combine(folder.FullPath, "run");
        await StopAsync(options, run, 2, resumes: false);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options with { Sensing = options.Sensing with { Width = 3 } }, run, resumes: true));
        Assert.Contains("sensing-infrared.safetensors", fault.Message, StringComparison.Ordinal);
        Assert.Contains("width 3", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another", 40)]
    [InlineData(null, 1)]
    public async Task A_checkpoint_resumes_in_the_phases_that_it_began_with(string? name, int steps)
    {
        using TemporaryFolder folder = new();
        TrainingOptions options = Options(folder.FullPath);
        string run = Path.Combine(folder.FullPath, "run");
        await StopAsync(options, run, 2, resumes: false);
        PhaseOptions first = options.Phases[0];
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options with { Phases = [first with { Name = name ?? first.Name, Steps = steps }, .. options.Phases.Skip(1)] }, run, resumes: true));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.Contains($"step 2 of phase 1, {first.Name}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_seed_does_not_resume()
    {
        using TemporaryFolder folder = new();
        TrainingOptions options = Options(folder.FullPath);
        string run = Path.Combine(folder.FullPath, "run");
        await StopAsync(options, run, 2, resumes: false);
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(options with { Seed = 6 }, run, resumes: true));
        Assert.Equal(FaultKind.Usage, fault.Kind);
        Assert.Contains("seed is 6, the checkpoint's is 5", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_checkpoint_there_is_nothing_to_resume()
    {
        using TemporaryFolder folder = new();
        Fault fault = await Assert.ThrowsAsync<Fault>(() => RunAsync(Options(folder.FullPath), Path.Combine(folder.FullPath, "none"), resumes: true));
        Assert.Contains("no checkpoint there", fault.Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Options(string folder)
    {
        PairSetOptions set = SmallPairs.Write(Path.Combine(folder, "data"));
        return new TrainingOptions
        {
            Seed = 5,
            Device = "cpu",
            Threads = 1,
            Data = [set],
            Validation = [set with { Every = 3 }],
            Sensing = new SensingOptions { Width = 2 },
            Trial = new ValidationOptions { Every = 1000, Pictures = 1, StripeAlarm = 1e6 },
            Phases =
            [
                new PhaseOptions { Name = "warm", Kind = PhaseKind.WarmUp, Steps = 4, Patch = 16, Batch = 2, Rate = 1e-3, Leak = 0.2, Hide = 0.5, Clip = 0.1, Average = 0.9 },
                new PhaseOptions { Name = "sense", Kind = PhaseKind.Sensing, Steps = 3, Patch = 16, Batch = 2, Rate = 1e-3 },
                new PhaseOptions { Name = "emma", Kind = PhaseKind.Emma, Steps = 3, Patch = 16, Batch = 2, Loss = new() { Anchor = 1, Refresh = 1, TransformsPerStep = 2 } },
            ],
        };
    }

    private static async Task<RunState> RunAsync(TrainingOptions options, string folder, bool resumes = false, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using TrainingRun run = await TrainingRun.PrepareAsync(options, folder, resumes, Silent, progress, TimeProvider.System, cancellationToken);
        return run.Run(cancellationToken);
    }

    /// <summary>Runs that many steps of this process, then stops as Ctrl-C does.</summary>
    private static async Task StopAsync(TrainingOptions options, string folder, int steps, bool resumes)
    {
        using CancellationTokenSource stop = new();
        StopAfter progress = new(steps, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(options, folder, resumes, progress, stop.Token));
    }

    private sealed class StopAfter(int steps, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        private int _seen;

        public void Report(TrainingProgress value)
        {
            if (++_seen == steps)
                stop.Cancel();
        }
    }
}
