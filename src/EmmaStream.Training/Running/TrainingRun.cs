using EmmaStream.Core.Faults;
using EmmaStream.Fusion.Weights;
using EmmaStream.Torch;
using EmmaStream.Training.Data;
using EmmaStream.Training.Losses;
using EmmaStream.Training.Networks;
using EmmaStream.Training.Options;
using EmmaStream.Training.Phases;
using EmmaStream.Training.Trials;
using Serilog;

namespace EmmaStream.Training.Running;

/// <summary>
/// One training, phase after phase, in a folder: <c>last/</c> is the checkpoint to resume from, <c>best/emma.safetensors</c> the weights with
/// the best trial, <c>trials/</c> those of every one, <c>losses.csv</c> and <c>curves.png</c> the course, <c>pictures/</c> what the trials fused. Runs on the caller's thread.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly string _folder;
    private readonly ILogger _log;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly TimeProvider _time;
    private readonly NetworkSet _networks;
    private readonly TrainingContext _context;
    private readonly Trial? _trial;
    private readonly long _started;
    private RunState _state;
    private LossLog _losses = null!;

    private TrainingRun(TrainingOptions options, string folder, bool resumes, NetworkSet networks, PairSets data, PairSets validation, ILogger log, IProgress<TrainingProgress>? progress, TimeProvider time)
    {
        (_options, _folder, _log, _progress, _time) = (options, folder, log, progress, time);
        _networks = networks;
        _context = new TrainingContext(options, _networks, new PatchSampler(data, options.Patches, log));
        foreach (PhaseOptions phase in options.Phases)
            _context.Sampler.Require(phase.Patch);
        TrainingPair[] held = [.. validation.Sets.SelectMany(set => set)];
        _trial = held.Length > 0 ? new Trial(held, options.Trial, Threads) : null;
        _started = time.GetTimestamp();
        _state = resumes ? Checkpoint.Load(LastFolder, _networks) : new RunState { Seed = options.Seed, PhaseName = options.Phases[0].Name };
        RequireSamePhases();
    }

    private int Threads => _options.Threads ?? Environment.ProcessorCount;

    private string LastFolder => Path.Combine(_folder, "last");

    /// <summary>Makes the networks, the folder, and reads the data, which takes longest.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="folder">Where everything is written; made where absent.</param>
    /// <param name="resumes">Whether to go on from the folder's last checkpoint.</param>
    /// <param name="log">Gets what a person wants to know.</param>
    /// <param name="progress">Gets every step.</param>
    /// <param name="time">Measures the steps.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="Fault">Data, weights or checkpoint cannot be read, or libtorch or the device is absent.</exception>
    public static async Task<TrainingRun> PrepareAsync(
        TrainingOptions options, string folder, bool resumes, ILogger log, IProgress<TrainingProgress>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        NetworkSet networks = new(options);   // first: where the device or weights are absent, no folder is made
        try
        {
            MakeFolder(folder);
            PairSets data = await PairSets.LoadAsync(options.Data, options.Seed, log, cancellationToken).ConfigureAwait(false);
            PairSets validation = await PairSets.LoadAsync(options.Validation, options.Seed, log, cancellationToken).ConfigureAwait(false);
            if (options.FusedExamples.Count > 0)
                log.Information("{Count} fused pictures of other methods", data.AddPublished(options.FusedExamples, log));
            TargetMaker targets = new(options.Target);
            await data.AddTargetsAsync(targets, cancellationToken).ConfigureAwait(false);
            await validation.AddTargetsAsync(targets, cancellationToken).ConfigureAwait(false);
            return new TrainingRun(options, folder, resumes, networks, data, validation, log, progress, time);
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>Trains to the end, or to the next step when cancelled; there is a checkpoint then.</summary>
    /// <returns>Where it came to.</returns>
    /// <exception cref="Fault">A loss is no number, the pattern alarm rang, or the disk is full; the last good checkpoint is there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was made.</exception>
    public RunState Run(CancellationToken cancellationToken)
    {
        TorchRuntime.Threads = Threads;   // libtorch keeps it for the thread that it is said on
        if (_state.Seed != _options.Seed)
            throw Fault.Usage($"seed is {_options.Seed}, the checkpoint's is {_state.Seed}. Resume with the seed that it began with");
        _log.Information("Networks on {Device}, {Threads}", _networks.Device.ToString(), Counted.Of(Threads, "thread"));
        _losses = new LossLog(Path.Combine(_folder, "losses.csv"), [.. _options.Phases.Select(p => p.Name)], _state);
        if (_trial is not null)
            _log.Information("Targets of the validation pairs: {Result}", _trial.OfTargets().ToString());
        if (_state.PhaseName.Length == 0)
            _log.Warning("{Folder}: this training came to its end, nothing is left to do. To train on, begin another with start: {Weights}", _folder, Path.Combine(LastFolder, $"{NetworkSet.FuserFile}.safetensors"));
        while (_state.Phase < _options.Phases.Count && _state.PhaseName.Length > 0)
        {
            RunPhase(cancellationToken);
            int next = _state.Phase + 1;
            _state = _state with { Phase = next, Step = 0, PhaseName = next < _options.Phases.Count ? _options.Phases[next].Name : "" };
        }
        Save();
        return _state;
    }

    /// <inheritdoc/>
    public void Dispose() => _networks.Dispose();

    /// <summary>Refuses a configuration whose phases are not those that the checkpoint stands in.</summary>
    private void RequireSamePhases()
    {
        if (_state.PhaseName.Length == 0)       // it came to its end; what it did then is not known
            return;
        PhaseOptions? phase = _state.Phase < _options.Phases.Count ? _options.Phases[_state.Phase] : null;
        if (phase?.Name != _state.PhaseName || phase.Steps < _state.Step)
        {
            string here = phase is null ? $"the configuration has {Counted.Of(_options.Phases.Count, "phase")}" : $"phase {_state.Phase + 1} of the configuration is {phase.Name} with {Counted.Of(phase.Steps, "step")}";
            throw Fault.Usage($"{LastFolder}: the checkpoint is at step {_state.Step} of phase {_state.Phase + 1}, {_state.PhaseName}; {here}. Resume with the phases that it began with, or begin another training with start: {Path.Combine(LastFolder, NetworkSet.FuserFile)}.safetensors");
        }
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{folder}: cannot be made ({e.Message}). Choose another folder", e);
        }
    }

    private void RunPhase(CancellationToken cancellationToken)
    {
        using Phase phase = Phase.Create(_context, _state.Phase);
        PhaseOptions options = phase.Options;
        if (_state.Step == 0)
            phase.Begin();
        _log.Information("Phase {Phase}: {Steps} steps of {Batch} patches of {Patch} px", options.Name, options.Steps, options.Batch, options.Patch);
        (long began, int from) = (_time.GetTimestamp(), _state.Step);
        while (_state.Step < options.Steps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Save();
                cancellationToken.ThrowIfCancellationRequested();
            }
            LossTerms terms = Step(phase);
            _state = _state with { Step = _state.Step + 1 };
            _losses.Add(options.Name, _state.Step, terms);
            TimeSpan perStep = _time.GetElapsedTime(began) / (_state.Step - from);
            _progress?.Report(new(options.Name, _state.Phase + 1, _options.Phases.Count, _state.Step, options.Steps, _losses.Recent, perStep));
            if (_state.Step % _options.Trial.Every == 0 || _state.Step == options.Steps)
                TryAndSave(options);
        }
    }

    private LossTerms Step(Phase phase)
    {
        try
        {
            LossTerms terms = phase.Step(_state.Step);
            return double.IsFinite(terms.Total) ? terms : throw new Fault(FaultKind.Fusion, $"the loss is {terms.Total}");
        }
        catch (Fault e) when (e.Kind == FaultKind.Fusion)
        {
            throw new Fault(FaultKind.Fusion, $"phase {phase.Options.Name}, step {_state.Step + 1}: {e.Message}. {Before()}; lower the phase's rate and go on", e);
        }
    }

    /// <summary>A trial of the fuser, with its checkpoint. A pattern in its pictures ends the run before the good checkpoint is replaced.</summary>
    private void TryAndSave(PhaseOptions phase)
    {
        if (_trial is not null && phase.Kind != PhaseKind.Sensing)
        {
            TrialResult result = _networks.Fuser.WithAverage(Try);
            _log.Information("{Phase} {Step}: {Result}", phase.Name, _state.Step, result.ToString());
            if (result.Stripes > _options.Trial.StripeAlarm)
            {
                string cure = phase.Kind == PhaseKind.Emma ? "train the sensing networks more on the fuser's own outputs, or raise the anchor" : "lower the phase's rate, or raise trial.stripeAlarm if the pictures look clean";
                throw new Fault(FaultKind.Fusion, $"phase {phase.Name}, step {_state.Step}: the fused pictures have a pattern ({result.Stripes:0.0} times the sources'). {Before()}; {cure}");
            }
        }
        Save();
    }

    private string Before() => Directory.Exists(LastFolder) ? $"The checkpoint before is in {LastFolder}" : "There is no checkpoint yet";

    private TrialResult Try()
    {
        string phase = _state.PhaseName;
        WeightSet weights = _networks.Fuser.Module.Weights($"{phase} {_state.Step}", new Dictionary<string, string>
        {
            ["network"] = "EMMA U-Fuser",
            ["trained"] = $"emmastream train, seed {_options.Seed}, phase {phase}, step {_state.Step}",
        });
        foreach (string part in new[] { "best", "trials" })
            Directory.CreateDirectory(Path.Combine(_folder, part));
        string name = $"{_state.Phase + 1}-{phase}-{_state.Step:00000}", pictures = Path.Combine(_folder, "pictures", name);
        Directory.CreateDirectory(pictures);
        TrialResult result = _trial!.Run(weights, _networks.Fuser.Module, phase, _state.Step, pictures);
        double best = _state.Trials.Select(t => t.Score).DefaultIfEmpty(double.NegativeInfinity).Max();
        _state = _state with { Trials = [.. _state.Trials, result] };
        Keep("trials", name, weights);
        if (result.Score > best && result.Stripes <= _options.Trial.StripeAlarm)
            Keep("best", NetworkSet.FuserFile, weights);
        TrainingCurves.Write(Path.Combine(_folder, "curves.png"), _losses.Points, _state.Trials, _options.Trial.Goals);
        return result;
    }

    private void Keep(string folder, string name, WeightSet weights) => SafetensorsFile.Save(Path.Combine(_folder, folder, $"{name}.safetensors"), weights);

    private void Save() => Checkpoint.Save(LastFolder, _networks, _state with { Minutes = _state.Minutes + _time.GetElapsedTime(_started).TotalMinutes });
}
