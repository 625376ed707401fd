using System.Runtime.CompilerServices;
using EmmaStream.Core.Faults;
using EmmaStream.Core.Flow;
using EmmaStream.Core.Frames;
using EmmaStream.Core.Kernels;
using EmmaStream.Fusion;
using EmmaStream.Fusion.Levels;
using EmmaStream.Streaming.Fusing;
using Serilog;

namespace EmmaStream.Streaming.Stages;

/// <summary>
/// Fuses pairs in batches: expand both lumas to float, fill what the infrared does not cover from the visible, one call of the fuser for
/// the batch, levels, and back to the visible's own form. Master frames without a partner pass through in their place. Offline a batch is
/// always full, so that two runs make the same calls. A pair that cannot be fused is counted and the run goes on.
/// </summary>
public sealed class FusionStage : Stage
{
    private readonly Link<FramePair> _input;
    private readonly Link<FusedFrame> _output;
    private readonly IFuser _fuser;
    private readonly FusionSettings _settings;
    private readonly FrameLedger _ledger;
    private readonly StageTimer _timer;
    private readonly ILogger _log;

    // Owned by the loop.
    private readonly PairSlot[] _slots;
    private readonly FusionJob[] _jobs;
    private readonly int[] _jobSlots;
    private readonly FusedPainter _painter;
    private readonly LumaExpander _infrared, _visible;
    private readonly LevelControl _levels;
    private int _filled, _pairs;

    /// <summary>Makes the stage.</summary>
    /// <param name="input">Registered pairs.</param>
    /// <param name="output">Receives one fused or passed frame for each.</param>
    /// <param name="fuser">The method; who made it disposes it.</param>
    /// <param name="settings">Batch, scale, levels, colour.</param>
    /// <param name="pool">Lends the fused pictures.</param>
    /// <param name="ledger">Told of failed pairs.</param>
    /// <param name="timer">Time spent fusing, conversions included.</param>
    /// <param name="log">For the first failed pair.</param>
    public FusionStage(
        Link<FramePair> input, Link<FusedFrame> output, IFuser fuser, FusionSettings settings, FramePool pool, FrameLedger ledger, StageTimer timer, ILogger log)
        : base("fuse")
    {
        (_input, _output, _fuser, _settings, _ledger, _timer, _log) = (input, output, fuser, settings, ledger, timer, log);
        _slots = [.. Enumerable.Range(0, 2 * settings.Batch).Select(_ => new PairSlot())];
        _jobs = new FusionJob[settings.Batch];
        _jobSlots = new int[settings.Batch];
        (_infrared, _visible) = (new LumaExpander(pool), new LumaExpander(pool));
        _painter = new FusedPainter(pool, settings.Color);
        _levels = new LevelControl(settings.Levels);
    }

    /// <summary>The reason of the first pair that could not be fused; null when all could.</summary>
    public Fault? FirstFailure { get; private set; }

    /// <inheritdoc/>
    protected override async Task<Exception?> LoopAsync(CancellationToken cancellationToken)
    {
        while (await GatherAsync(cancellationToken).ConfigureAwait(false))
        {
            long start = _timer.Start();
            FuseBatch();
            _timer.Stop(start);
            if (!await DeliverAsync(cancellationToken).ConfigureAwait(false))
                return _output.Reason;
        }
        return _input.Reason;
    }

    /// <inheritdoc/>
    protected override ValueTask EndLinksAsync(Exception? reason)
    {
        foreach (PairSlot slot in _slots)
        {
            if (slot.Pair is not null)
                _ledger.Dropped(FrameReason.RunEnded);
            slot.Dispose();
        }
        _input.Close(reason);
        _output.Complete(reason);
        return ValueTask.CompletedTask;
    }

    // Fills slots until the batch is full, the input ends, or only lone frames wait and nothing holds them back.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> GatherAsync(CancellationToken cancellationToken)
    {
        (_filled, _pairs) = (0, 0);
        while (_pairs < _settings.Batch && _filled < _slots.Length)
        {
            if (await _input.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } pair)
                break;
            _slots[_filled++].Pair = pair;
            if (pair.Partner is not null)
                _pairs++;
            else if (_pairs == 0)
                break;
        }
        return _filled > 0;
    }

    private void FuseBatch()
    {
        int jobs = 0;
        for (int i = 0; i < _filled; i++)
        {
            FramePair pair = _slots[i].Pair!;
            if (pair.Partner is null)
                continue;
            FusionJob job = _slots[i].Job(pair.Master.Size, _settings.Scale);
            _visible.Expand(pair.Visible!, null, job.Visible);
            _infrared.Expand(pair.Infrared!, pair.Coverage, job.Infrared);
            if (pair.Coverage is not null)
                LumaKernels.Fill(LumaExpander.Samples(job.Infrared), LumaExpander.Samples(job.Visible), pair.Coverage.Plane(0).Bytes);
            _jobSlots[jobs] = i;
            _jobs[jobs++] = job;
        }
        if (jobs > 0 && !TryFuse(0, jobs) && jobs > 1)
        {
            for (int i = 0; i < jobs; i++)
                TryFuse(i, 1);
        }
    }

    // Marks the slots of a failed call; a retry one by one unmarks the innocent.
    private bool TryFuse(int first, int count)
    {
        Fault? failure = null;
        try
        {
            _fuser.Fuse(_jobs.AsSpan(first, count));
        }
        catch (Fault e) when (e.Kind == FaultKind.Fusion)
        {
            failure = e;
        }
        for (int i = first; i < first + count; i++)
            _slots[_jobSlots[i]].Failed = failure is not null;
        if (failure is not null && count == 1 && FirstFailure is null)
        {
            FirstFailure = failure;
            _log.Warning("Frame {Sequence} could not be fused: {Reason}", _slots[_jobSlots[first]].Pair!.Master.Stamp.Sequence, failure.Message);
        }
        return failure is null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> DeliverAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < _filled; i++)
        {
            PairSlot slot = _slots[i];
            if (slot.Failed)
            {
                _ledger.Failed(FrameReason.FuseFailed);
                slot.Clear();
                continue;
            }
            long start = _timer.Start();
            FusedFrame fused = slot.Pair!.Partner is null ? Pass(slot) : Finish(slot);
            slot.Release();
            _timer.Stop(start);
            if (!await _output.WriteAsync(fused, cancellationToken).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    // The frames of the pair go into the fused frame: nothing may throw once it is made.
    private FusedFrame Pass(PairSlot slot)
    {
        Frame visible = slot.Pair!.Master;
        return new()
        {
            Fused = _painter.Pass(visible, _visible, slot.Workspace),
            Visible = visible,
            Reason = slot.Pair.Reason,
            Stream = slot.Pair.Stream,
        };
    }

    private FusedFrame Finish(PairSlot slot)
    {
        FramePair pair = slot.Pair!;
        FusionJob job = slot.Job(pair.Master.Size, _settings.Scale);
        Frame? raw = _settings.KeepRaw ? _painter.Keep(job.Fused, pair.Master.Stamp) : null;
        try
        {
            _levels.Apply(job.Fused, job.Infrared, job.Visible);
            return new()
            {
                Fused = _painter.Paint(job.Fused, pair.Visible!),
                Infrared = pair.Infrared,
                Visible = pair.Visible,
                Raw = raw,
                Skew = pair.Skew,
                Stream = pair.Stream,
            };
        }
        catch
        {
            raw?.Dispose();
            throw;
        }
    }
}
