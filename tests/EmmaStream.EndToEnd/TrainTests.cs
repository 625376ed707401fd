using EmmaStream.EndToEnd.Running;
using EmmaStream.Fusion.Network;
using EmmaStream.Fusion.Weights;
using EmmaStream.Testing;

namespace EmmaStream.EndToEnd;

/// <summary><c>emmastream train</c> from its configuration to weights that fuse.</summary>
public sealed class TrainTests : IDisposable
{
    private const string Short = """
        device: cpu
        threads: 1
        data: [{infrared: SAMPLES/aligned-ir.mp4, visible: SAMPLES/aligned-vi.mp4, every: 30}]
        patches: {lowContrast: 0}
        sensing: {width: 2}
        phases:
          - {name: warm, kind: warm-up, steps: STEPS, patch: 16, batch: 1}
          - {name: sense, kind: sensing, steps: 1, patch: 16, batch: 2}
          - {name: emma, kind: emma, steps: 1, patch: 16, batch: 2}
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Trains_and_the_weights_fuse()
    {
        Write(Short.Replace("STEPS", "2", StringComparison.Ordinal));
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "train", "--config", "t.yml", "-o", "run");
        Assert.Contains("last/emma.safetensors", run.Output, StringComparison.Ordinal);
        UFuserSchema.Check(WeightFile.Load(_folder["run/last/emma.safetensors"]));
        await Played.MakePictureAsync(_folder["a.png"], "32x32");
        await CliRun.DoneInAsync(_folder.FullPath, "fuse", "--ir", "a.png", "--vi", "a.png", "-o", "o.png", "--fuser", "emma", "--model", "run/last/emma.safetensors");
    }

    [Fact]
    public async Task Ctrl_C_leaves_a_checkpoint_and_says_how_to_go_on()
    {
        Write(Short.Replace("STEPS", "100000", StringComparison.Ordinal));
        await using RunningCli cli = RunningCli.Start(new CliSettings { Folder = _folder.FullPath }, "train", "--config", "t.yml", "-o", "run", "--threads", "1", "--device", "cpu");
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (!cli.HasEnded && !File.Exists(_folder["run/losses.csv"]))
            await timer.WaitForNextTickAsync();
        cli.Signal(RunningCli.Interrupt);
        CliRun run = await cli.EndAsync();
        Assert.Equal(130, run.Code);
        Assert.Contains("emmastream train --resume run --device cpu --threads 1\n", run.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["run/last/state.json"]));
    }

    [Theory]
    [InlineData("train-cpu.yml")]
    [InlineData("train-emma.yml")]
    [InlineData("train-medical.yml")]
    public async Task The_configurations_that_ship_are_understood(string name)
    {
        File.Copy(Repository.PathOf("config", name), _folder[name]);
        File.CreateSymbolicLink(_folder["models"], Repository.PathOf("models"));
        CliRun run = await CliRun.InAsync(new CliSettings { Folder = _folder.FullPath, Environment = new Dictionary<string, string?> { ["DATA"] = "/nowhere" } }, "train", "--config", name, "-o", "run");
        Assert.Equal(3, run.Code);
        Assert.Contains("/nowhere", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_option_of_a_configuration_is_told_at_once()
    {
        Write("device: gpu\nphases: [{name: Warm Up, kind: warm-up, steps: 0, patch: 20}, {name: s, kind: sensing, steps: 1, patch: 16, batch: 1}]\nseeds: 3\n");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "train", "--config", "t.yml");
        Assert.Equal(2, run.Code);
        Assert.All(new[] { "phases[0].name", "phases[0].steps", "phases[0].patch", "device is 'gpu'", "seeds is not an option", "data", "phases[1].batch is 1 with patch 16" }, part => Assert.Contains(part, run.Errors, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--device", "gpu", "--device is 'gpu'; allowed are auto, cpu, cuda and cuda:N")]
    [InlineData("--device", "cuda:-1", "--device is 'cuda:-1'; allowed are auto, cpu, cuda and cuda:N")]
    [InlineData("--threads", "0", "--threads is 0; allowed are 1 to 256")]
    [InlineData("--threads", "257", "--threads is 257; allowed are 1 to 256")]
    [InlineData("--threads", "all", "--threads")]
    public async Task A_wrong_device_or_number_of_threads_is_refused_before_anything_is_written(string option, string value, string says)
    {
        Write(Short.Replace("STEPS", "2", StringComparison.Ordinal));
        await Refusal.ExpectAsync(_folder, 2, [says], "other", "train", "--config", "t.yml", "-o", "run", option, value);
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_options_is_told_at_once() =>
        await Refusal.ExpectAsync(
            _folder, 2, ["--config is missing", "--device is 'gpu'", "--threads is 0"], "other", "train", "-o", "run", "--device", "gpu", "--threads", "0");

    [Fact]
    public async Task A_cuda_device_that_is_absent_is_refused_before_data_are_read_or_a_folder_made()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has a CUDA device");
        string config = Short.Replace("STEPS", "2", StringComparison.Ordinal).Replace("SAMPLES", "/nowhere", StringComparison.Ordinal);
        Write(config);
        await Refusal.ExpectAsync(_folder, 2, ["device cuda", "no CUDA device", "device cpu"], "other", "train", "--config", "t.yml", "-o", "run", "--device", "cuda");
        Write(config.Replace("device: cpu", "device: cuda:1", StringComparison.Ordinal));
        await Refusal.ExpectAsync(_folder, 2, ["device cuda", "no CUDA device", "device cpu"], "other", "train", "--config", "t.yml", "-o", "run");
    }

    [Fact]
    public async Task Weights_that_are_absent_are_refused_before_a_folder_is_made()
    {
        Write("start: absent.safetensors\n" + Short.Replace("STEPS", "2", StringComparison.Ordinal));
        await Refusal.ExpectAsync(_folder, 3, ["absent.safetensors"], "other", "train", "--config", "t.yml", "-o", "run");
    }

    [Fact]
    public async Task The_command_line_goes_over_device_and_threads_of_the_configuration_for_one_run()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has a CUDA device");
        Write(Short.Replace("STEPS", "1", StringComparison.Ordinal).Replace("device: cpu", "device: cuda", StringComparison.Ordinal));
        CliRun run = await CliRun.DoneInAsync(_folder.FullPath, "train", "--config", "t.yml", "-o", "run", "--device", "cpu", "--threads", "2");
        Assert.Contains("Networks on cpu, 2 threads", run.Errors, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder["t.yml"]), File.ReadAllText(_folder["run/config.yml"]));

        await Refusal.ExpectAsync(_folder, 2, ["device cuda", "no CUDA device"], "other", "train", "--resume", "run");
        run = await CliRun.DoneInAsync(_folder.FullPath, "train", "--resume", "run", "--device", "cpu");
        Assert.Contains("Networks on cpu, 1 thread\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_a_training_is_not_written_over()
    {
        Write(Short.Replace("STEPS", "2", StringComparison.Ordinal));
        Directory.CreateDirectory(_folder["run/last"]);
        CliRun run = await CliRun.InAsync(_folder.FullPath, "train", "--config", "t.yml", "-o", "run");
        Assert.Equal(2, run.Code);
        Assert.Contains("--resume run", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_user_s_is_written_over()
    {
        Write(Short.Replace("STEPS", "2", StringComparison.Ordinal));
        Directory.CreateDirectory(_folder["run/best"]);
        File.WriteAllText(_folder["run/best/emma.safetensors"], "mine");
        CliRun run = await CliRun.InAsync(_folder.FullPath, "train", "--config", "t.yml", "-o", "run");
        Assert.Equal(2, run.Code);
        Assert.Contains("run is not empty", run.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder["run/best/emma.safetensors"]));
    }

    [Fact]
    public async Task There_must_be_something_to_resume()
    {
        CliRun run = await CliRun.InAsync(_folder.FullPath, "train", "--resume", "nothing");
        Assert.Equal(3, run.Code);
        Assert.Contains("nothing", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Duration", "long")]
    public async Task The_tiny_training_of_the_README_runs()
    {
        CliRun run = await CliRun.InAsync(new CliSettings { Folder = Repository.Root }, "train", "--config", "config/train-tiny.yml", "-o", _folder["tiny"]);
        Assert.Equal(0, run.Code);
        Assert.True(new FileInfo(_folder["tiny/curves.png"]).Length > 5000);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string config) => File.WriteAllText(_folder["t.yml"], config.Replace("SAMPLES", Repository.PathOf("samples"), StringComparison.Ordinal));
}
