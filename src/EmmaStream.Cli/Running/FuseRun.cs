using System.Runtime.CompilerServices;
using EmmaStream.Cli.Fusers;
using EmmaStream.Cli.Models;
using EmmaStream.Cli.Options;
using EmmaStream.Cli.Reports;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Pairing;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Levels;
using EmmaStream.Media.Ffmpeg;
using EmmaStream.Media.Files;
using EmmaStream.Media.Sinks;
using EmmaStream.Registration.Files;
using EmmaStream.Streaming;
using EmmaStream.Streaming.Fusing;
using Serilog.Core;

namespace EmmaStream.Cli.Running;

/// <summary>One run of <c>emmastream fuse</c>: opens everything, runs the graph, tells what happened.</summary>
internal sealed class FuseRun
{
    private readonly FuseRequest _request;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly Logger _log;

    private FuseRun(FuseRequest request, Logger log) => (_request, _log) = (request, log);

    /// <summary>Runs the request.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="Fault">Something was wrong before the first frame.</exception>
    public static async Task<int> ExecuteAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        RefuseClashes(request);   // before the log file is opened: it is an output too
        using Logger log = RunLog.Open(request.Log, request.Quiet);
        return await Signals.RunAsync(new FuseRun(request, log).ExecuteAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> ExecuteAsync(Signals signals)
    {
        if (_request.Report is { } reportPath)
            CompleteFile.Require(reportPath);
        RegistrationFile? registration = _request.Stream.Registration is { } path ? RegistrationFile.Load(path) : null;
        FfmpegInstallation ffmpeg = new(_clock);
        using FramePool pool = new();
        InputPair inputs = await InputPair.OpenAsync(_request, pool, ffmpeg, _log, signals.Token).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ending = inputs.ConfigureAwait(false);
        if (inputs.Infrared.Description.HasAudio || inputs.Visible.Description.HasAudio)
            _log.Information("Sound is not carried over to the output");
        using IFuser fuser = FuserFactory.Create(_request.Fusion);
        RunSinks sinks = await RunSinks.CreateAsync(_request, inputs.Visible.Description.FrameRate, inputs.Names, pool, ffmpeg, signals.Token).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable sinksEnding = sinks.ConfigureAwait(false);
        inputs.RequireOneFrameFor(_request.Also.Select(a => a.Path).Prepend(_request.Output));

        FusionSettings fusion = new()
        {
            Batch = _request.Fusion.Batch ?? 1,
            Scale = _request.Fusion.Scale,
            Levels = _request.Fusion.Levels ?? NaturalLevels(inputs.Kind),
            Color = _request.Stream.Output.Color,
            KeepRaw = sinks.NeedRaw,
        };
        PairingOptions pairing = Pairing(inputs, registration);
        Graph graph = Graph.Build(
            new GraphParts
            {
                Visible = inputs.Visible,
                Infrared = inputs.Infrared,
                Pairing = pairing,
                Registration = registration,
                OutputSize = OutputSizeOf(inputs, sinks),
                Fuser = fuser,
                Fusion = fusion,
                Sinks = sinks.Sinks,
                Pool = pool,
            },
            _clock, _log, signals.Token);
        inputs.HandOver();
        sinks.HandOver();

        long start = _clock.GetTimestamp();
        StageOutcome outcome = await RunAsync(graph, inputs, signals.Token).ConfigureAwait(false);
        foreach (string warning in Warnings(graph, outcome, inputs))
            _log.Warning("{Warning}", warning);
        RunReport report = ReportOf(graph, outcome, inputs, fuser, fusion, pairing, _clock.GetElapsedTime(start));
        return Conclude(graph, outcome, report, signals);
    }

    private async Task<StageOutcome> RunAsync(Graph graph, InputPair inputs, CancellationToken cancellationToken)
    {
        Task<StageOutcome> run = graph.RunAsync(cancellationToken);
        if (_request.Quiet || _request.Json)
            return await run.ConfigureAwait(false);
        ProgressLine progress = new(Console.Error, !Console.IsErrorRedirected, inputs.Visible.Description.FrameCount, _clock);
        return await progress.FollowAsync(run, graph.Ledger).ConfigureAwait(false);
    }

    private IEnumerable<string> Warnings(Graph graph, StageOutcome outcome, InputPair inputs)
    {
        string? pairing = outcome.Reason is null ? PairingWarning.Of(graph.Ledger.Snapshot(), graph.Matcher) : null;
        if (pairing is null && outcome.Reason is null && inputs.Kind == InputKind.Videos && _request.Start == TimeSpan.Zero)
            pairing = PairingWarning.UnlikeStarts(graph.Matcher);
        string? scaled = inputs.Kind == InputKind.Folders && graph.Registrar.ScaledVisible is > 0 and long count && _request.Stream.Output.Size == new OutputSize()
            ? $"{Counted.Of(count, "visible picture")} had another size than the first and {(count == 1 ? "was" : "were")} scaled to {inputs.Visible.Description.Format.Size}: a video or array has one size. Into a folder (-o NAME/) each keeps its own"
            : null;
        return new[] { SkippedInputs.Of(inputs.Infrared, inputs.Visible).ToWarning(), inputs.Infrared.Note, inputs.Visible.Note, pairing, scaled }.OfType<string>();
    }

    private int Conclude(Graph graph, StageOutcome outcome, RunReport report, Signals signals)
    {
        foreach (string note in graph.Sinks.Select(s => s.Note).OfType<string>())
            _log.Information("{Note}", note);
        // What cannot be told in one place is told in the other, and the outcome in any case.
        Fault? unwritten = FaultOf(() => WriteReport(report)), unsaid = FaultOf(() => Say(report));
        if (outcome.Kind == EndKind.Defect)
            Console.Error.WriteLine($"emmastream: a defect of ours in '{outcome.Stage}', please report it: {outcome.Reason}");
        else if (outcome.Reason is { } reason)
            Console.Error.WriteLine($"emmastream: {reason.Message}");
        else if (graph.Fusion.FirstFailure is { } failure)
            Console.Error.WriteLine($"emmastream: {Counted.Of(report.Master.Failed, "frame")} could not be fused; the first: {failure.Message}");
        if (_request.Quiet && outcome.Reason is not null)   // the summary would tell
        {
            foreach (SinkCounts sink in report.Sinks.Where(s => s.Written > 0))
                Console.Error.WriteLine($"emmastream: {sink.Name}: {(sink.OutputPath is { } kept ? $"what was written is in {kept}" : "nothing of it could be kept")}");
        }
        foreach (Fault fault in new[] { unwritten, unsaid }.OfType<Fault>())
            Console.Error.WriteLine($"emmastream: {fault.Message}");
        LedgerSnapshot ledger = graph.Ledger.Snapshot();
        foreach (string problem in ledger.Problems())
            _log.Error("The ledger does not add up: {Problem}", problem);
        int code = ExitCodes.Of(outcome, ledger.Sinks.Any(s => s.Written > 0), ledger.Failed.Count > 0, signals.Code);
        return code != ExitCodes.Done ? code : unsaid is not null ? ExitCodes.Output : unwritten is not null ? ExitCodes.FailedUnderWay : ExitCodes.Done;
    }

    private void WriteReport(RunReport report)
    {
        if (_request.Report is { } path)
            CompleteFile.WriteText(path, report.ToJson());
    }

    private void Say(RunReport report)
    {
        if (_request.Json)
            Console.Out.WriteLine(report.ToJson());
        else if (!_request.Quiet)
            RunSummary.Write(Console.Out, report);
    }

    private static Fault? FaultOf(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (Fault fault)
        {
            return fault;
        }
    }

    private PairingOptions Pairing(InputPair inputs, RegistrationFile? registration)
    {
        TimeSpan cameras = _request.Stream.Infrared.Offset - _request.Stream.Visible.Offset;
        return new PairingOptions
        {
            By = _request.PairBy ?? (inputs.Kind == InputKind.Videos ? _request.Stream.Pairing.By : PairBy.Index),
            MaxSkew = _request.Stream.Pairing.MaxSkew,
            HoldLast = _request.Stream.Pairing.HoldLast,
            PartnerOffset = cameras + (_request.InfraredOffset ?? TimeSpan.FromMilliseconds(registration?.TimeOffsetMs ?? 0)),
        };
    }

    private LevelsMode NaturalLevels(InputKind kind) =>
        _request.Fusion.Fuser != FuserKind.Emma ? LevelsMode.None : kind == InputKind.Videos ? LevelsMode.Smooth : LevelsMode.PerFrame;

    private FrameSize? OutputSizeOf(InputPair inputs, RunSinks sinks)
    {
        OutputSize size = _request.Stream.Output.Size;
        if (size.Fixed is not null || size.FromInfrared)
            return size.Fixed ?? inputs.Infrared.Description.Format.Size;
        bool mayVary = inputs.Kind == InputKind.Folders && !sinks.NeedOneSize;
        return mayVary || _request.Stream.Registration is not null ? null : inputs.Visible.Description.Format.Size;
    }

    private static void RefuseClashes(FuseRequest request)
    {
        string? model = request.Fusion.Fuser == FuserKind.Emma ? ModelLibrary.Find(request.Fusion.Model ?? ModelLibrary.Default) : null;
        PathClashes.Refuse(
            [
                new("--ir", InputPair.FileOf(request.Infrared)), new("--vi", InputPair.FileOf(request.Visible)), new("--registration", request.Stream.Registration),
                new("--model", model), new("--config", request.Config),
            ],
            [new("-o", request.Output), .. request.Also.Select(a => new NamedPath("--also", a.Path)), new("--report", request.Report), new("log.file", request.Log.File)]);
    }

    private RunReport ReportOf(Graph graph, StageOutcome outcome, InputPair inputs, IFuser fuser, FusionSettings fusion, PairingOptions pairing, TimeSpan elapsed)
    {
        LedgerSnapshot ledger = graph.Ledger.Snapshot();
        Dictionary<string, double> ms = graph.Timers.ToDictionary(t => t.Key, t => Math.Round(t.Value.Elapsed.TotalMilliseconds, 1));
        ms["total"] = Math.Round(elapsed.TotalMilliseconds, 1);
        return new RunReport
        {
            Outcome = ReportJson.NameOf(outcome.Kind),
            Reason = outcome.Reason?.Message ?? graph.Fusion.FirstFailure?.Message,
            Master = RunReport.CountMaster(ledger),
            Partner = RunReport.CountPartner(ledger),
            Sinks = [.. graph.Sinks.Zip(ledger.Sinks, (stage, s) => new SinkCounts(s.Name, stage.OutputPath, s.In, s.Written, s.Dropped, s.Failed))],
            Skipped = SkippedInputs.Of(inputs.Infrared, inputs.Visible),
            SkewMs = RunReport.FiguresOf(graph),
            Ms = ms,
            FramesPerSecond = Math.Round(ledger.Delivered / Math.Max(elapsed.TotalSeconds, 1e-3), 2),
            StartSeconds = graph.Matcher.FirstMaster?.Seconds,
            Settings = new RunSettings(
                inputs.Infrared.Description.Name, inputs.Visible.Description.Name, fuser.Name, _request.Fusion.Model, FusionScales.Format(fusion.Scale),
                ReportJson.NameOf(fusion.Levels), ReportJson.NameOf(fusion.Color), _request.Stream.Output.Size.ToString(), fusion.Batch, ReportJson.NameOf(pairing.By),
                pairing.PartnerOffset.TotalMilliseconds, _request.Stream.Registration),
            Versions = new Dictionary<string, string> { ["emmastream"] = ReportJson.Version, ["dotnet"] = Environment.Version.ToString() },
        };
    }
}
