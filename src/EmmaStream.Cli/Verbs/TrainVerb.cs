using System.CommandLine;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Running;

namespace EmmaStream.Cli.Verbs;

/// <summary><c>emmastream train</c>: EMMA's self-supervised training, from a configuration.</summary>
internal sealed class TrainVerb
{
    private readonly Option<string?> _config = new("--config") { Description = "The training's configuration, like config/train-tiny.yml.", HelpName = "FILE" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Folder for weights, checkpoints, curves and pictures. Default: out/NAME for NAME.yml.", HelpName = "DIR" };
    private readonly Option<string?> _resume = new("--resume") { Description = "Goes on from the last checkpoint in this folder, with the configuration that lies there unless --config is given.", HelpName = "DIR" };
    private readonly Option<string?> _device = new("--device") { Description = "Where the networks are computed: auto, cpu, cuda or cuda:N. Default: the configuration's.", HelpName = "DEVICE" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Processor threads of libtorch, 1 to 256. Default: the configuration's.", HelpName = "N" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No progress." };

    public TrainVerb()
    {
        Command = new Command("train", "Trains EMMA's network on pairs of pictures or recordings, without fused examples to imitate (docs/TRAINING.md).")
        {
            _config, _output, _resume, _device, _threads, _quiet,
        };
        Command.SetAction((parsed, cancellationToken) => Signals.RunAsync(signals => TrainRun.ExecuteAsync(Read(parsed), signals), cancellationToken));
    }

    public static IReadOnlyList<string> Examples { get; } =
    [
        "emmastream train --config config/train-tiny.yml",
        "emmastream train --config config/train-cpu.yml -o out/mine",
        "emmastream train --config config/train-emma.yml --device cuda",
        "emmastream train --resume out/mine",
        "emmastream train --resume out/mine --threads 2",
    ];

    public Command Command { get; }

    private TrainRequest Read(ParseResult parsed)
    {
        string? config = parsed.GetValue(_config), resume = parsed.GetValue(_resume), output = parsed.GetValue(_output), device = parsed.GetValue(_device);
        int? threads = parsed.GetValue(_threads);
        UsageProblems problems = new();
        if (resume is not null && output is not null)
            problems.Add("--resume and -o: a resumed training writes to its own folder. Leave -o out");
        if (config is null && resume is null)
            problems.Add("--config is missing: give a training's configuration, like config/train-tiny.yml");
        if (device is not null && !FusionOptions.IsDevice(device))
            problems.Add($"--device is '{device}'; allowed are auto, cpu, cuda and cuda:N");
        if (threads is < 1 or > 256)
            problems.Add($"--threads is {threads}; allowed are 1 to 256");
        problems.ThrowIfAny();
        return new TrainRequest
        {
            Config = config ?? TrainRun.ConfigIn(resume!),
            Folder = resume ?? output ?? Path.Combine("out", Path.GetFileNameWithoutExtension(config!)),
            Resumes = resume is not null,
            Device = device,
            Threads = threads,
            Quiet = parsed.GetValue(_quiet),
        };
    }
}
