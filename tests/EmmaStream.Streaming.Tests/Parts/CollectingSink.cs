using EmmaStream.Core.Frames;
using EmmaStream.Media.Sinks;

namespace EmmaStream.Streaming.Tests.Parts;

/// <summary>A sink that keeps a copy of what it is given, and how it was ended.</summary>
internal sealed class CollectingSink : IFrameSink
{
    private readonly List<Delivered> _frames = [];
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Told each frame, with the number of frames before it; may throw, to be a sink that fails.</summary>
    public Action<FusedFrame, int> OnFrame { get; init; } = (_, _) => { };

    public string Name { get; init; } = "collected";

    public bool NeedsRaw { get; init; }

    /// <summary>Called when the output is to be finished.</summary>
    public Action OnFinishing { get; init; } = () => { };

    /// <summary>What finishing the output waits for; default nothing.</summary>
    public Task SlowToFinish { get; init; } = Task.CompletedTask;

    /// <summary>Ends when the output is finished.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Copies of all frames, in the order of their coming.</summary>
    public IReadOnlyList<Delivered> Frames => _frames;

    /// <summary>How the run ended for it; null before that.</summary>
    public SinkEnding? Ending { get; private set; }

    /// <summary>Whether the graph ended the sink.</summary>
    public bool IsDisposed { get; private set; }

    public ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken)
    {
        OnFrame(frame, _frames.Count);
        _frames.Add(new Delivered(
            frame.Fused.Stamp, frame.Fused.Format, frame.Fused.Bytes.ToArray(), frame.Infrared?.Bytes.ToArray(), frame.Visible?.Bytes.ToArray(),
            frame.Raw is null ? null : frame.Raw.Plane(0).Samples<float>().ToArray(), frame.Skew, frame.Reason));
        return ValueTask.FromResult(true);
    }

    public async ValueTask<string?> CompleteAsync(SinkEnding ending)
    {
        OnFinishing();
        await SlowToFinish;
        Ending = Ending is null ? ending : throw new InvalidOperationException($"completed twice: {Ending}, then {ending}");
        _finished.SetResult();
        return Name;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}

/// <summary>A copy of a fused frame.</summary>
internal sealed record Delivered(
    FrameStamp Stamp, FrameFormat Format, byte[] Fused, byte[]? Infrared, byte[]? Visible, float[]? Raw, TimeSpan Skew, FrameReason Reason);
