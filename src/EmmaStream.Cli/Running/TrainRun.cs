using EmmaStream.Core.Faults;
#if TORCH
using EmmaStream.Cli.Fusers;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Configuration;
using EmmaStream.Training.Options;
using EmmaStream.Training.Running;
using EmmaStream.Training.Trials;
using Serilog.Core;
#endif

namespace EmmaStream.Cli.Running;

/// <summary>One training from its configuration to its weights; or the word that this build is without TorchSharp.</summary>
internal static class TrainRun
{
    private const string ConfigFile = "config.yml";

    /// <summary>The configuration that a training left in its folder.</summary>
    /// <exception cref="Fault">There is none.</exception>
    public static string ConfigIn(string folder)
    {
        string path = Path.Combine(folder, ConfigFile);
        return File.Exists(path) ? path : throw Fault.Input($"--resume {folder}: no training was written there ({ConfigFile} is absent). Give the folder that a training was writing to");
    }

#if TORCH
    public static Task<int> ExecuteAsync(TrainRequest request, Signals signals)
    {
        TrainingOptions file = OptionsFile.Load<TrainingOptions>(request.Config);
        TrainingOptions options = file with { Device = request.Device ?? file.Device, Threads = request.Threads ?? file.Threads };
        if (!request.Resumes && Directory.Exists(request.Folder) && Directory.EnumerateFileSystemEntries(request.Folder).Any())
        {
            throw Fault.Usage(Directory.Exists(Path.Combine(request.Folder, "last"))
                ? $"{request.Folder} holds a training already. Go on with --resume {request.Folder}, or give another folder with -o"
                : $"{request.Folder} is not empty, and a training writes over nothing. Give a new folder with -o");
        }
        TorchEngine.Load();
        return Task.Run(() => TrainAsync(request, options, signals.Token));          // computes for hours; signals are answered meanwhile
    }

    private static async Task<int> TrainAsync(TrainRequest request, TrainingOptions options, CancellationToken cancellationToken)
    {
        using Logger log = RunLog.Open(new LogOptions(), request.Quiet);
        using TrainingProgressLine? progress = request.Quiet ? null : new(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        using TrainingRun run = await TrainingRun.PrepareAsync(options, request.Folder, request.Resumes, log, progress, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        KeepConfig(request);
        try
        {
            RunState state = run.Run(cancellationToken);
            Summarize(request.Folder, state);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"emmastream: stopped; go on with: emmastream train --resume {request.Folder}{Given(request)}").ConfigureAwait(false);
            throw;
        }
    }

    // The kept configuration stays the user's: what the command line laid over it is given again.
    private static string Given(TrainRequest request) =>
        (request.Device is { } device ? $" --device {device}" : "") + (request.Threads is { } threads ? $" --threads {threads}" : "");

    private static void KeepConfig(TrainRequest request)
    {
        string kept = Path.Combine(request.Folder, ConfigFile);
        if (Path.GetFullPath(kept) != Path.GetFullPath(request.Config))
            File.Copy(request.Config, kept, overwrite: true);
    }

    private static void Summarize(string folder, RunState state)
    {
        if (state.Trials.Count == 0)
        {
            Console.Out.WriteLine($"{folder}/last/emma.safetensors: the weights, not tried, as the configuration names no validation pairs");
            return;
        }
        TrialResult best = state.Trials.MaxBy(t => t.Score)!;
        Console.Out.WriteLine($"{folder}/best/emma.safetensors: {best.Phase}, step {best.Step}");
        Console.Out.WriteLine(best.ToString());
    }
#else
    public static Task<int> ExecuteAsync(TrainRequest request, Signals signals) =>
        throw Fault.Environment($"train: this program was built without TorchSharp, which training needs. Build it without -p:Torch=false ({request.Config}, {signals.Code})");
#endif
}
