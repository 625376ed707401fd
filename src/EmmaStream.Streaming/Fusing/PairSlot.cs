using EmmaStream.Core.Frames;
using EmmaStream.Fusion;

namespace EmmaStream.Streaming.Fusing;

/// <summary>Working memory for one pair of a batch: both lumas and the fused one, in float. It grows to the largest size and stays.</summary>
internal sealed class PairSlot : IDisposable
{
    private readonly LumaBuffer _infrared = new(), _visible = new(), _fused = new();

    /// <summary>The pair in this slot; null when it is free.</summary>
    public FramePair? Pair { get; set; }

    /// <summary>Whether fusing this pair failed.</summary>
    public bool Failed { get; set; }

    /// <summary>The slot's pictures at <paramref name="size"/>, as a job for the fuser.</summary>
    public FusionJob Job(FrameSize size, FusionScale scale) => new(
        _infrared.Plane(size.Width, size.Height), _visible.Plane(size.Width, size.Height), _fused.Plane(size.Width, size.Height), scale);

    /// <summary>Memory for a frame that is passed on alone.</summary>
    public LumaBuffer Workspace => _visible;

    /// <summary>Frees the slot of a pair whose frames have a new owner.</summary>
    public void Release()
    {
        Pair?.Coverage?.Dispose();
        Pair = null;
        Failed = false;
    }

    /// <summary>Ends the hold on the pair.</summary>
    public void Clear()
    {
        Pair?.Dispose();
        Pair = null;
        Failed = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        _infrared.Dispose();
        _visible.Dispose();
        _fused.Dispose();
    }
}
