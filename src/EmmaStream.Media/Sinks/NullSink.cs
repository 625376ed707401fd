using EmmaStream.Core.Frames;

namespace EmmaStream.Media.Sinks;

/// <summary>Writes nothing and counts: for measuring.</summary>
public sealed class NullSink : IFrameSink
{
    private long _count;

    /// <summary>Whether an output of that name is none: "null" or /dev/null.</summary>
    public static bool IsNamed(string path) => path is "null" or "/dev/null";

    /// <inheritdoc/>
    public string Name => "null";

    /// <inheritdoc/>
    public bool NeedsRaw => false;

    /// <summary>Frames that came.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<bool> WriteAsync(FusedFrame frame, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask<string?> CompleteAsync(SinkEnding ending) => ValueTask.FromResult<string?>(null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
