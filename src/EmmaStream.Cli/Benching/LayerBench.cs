using EmmaStream.Core.Frames;
using EmmaStream.Fusion.Cpu;

namespace EmmaStream.Cli.Benching;

/// <summary>Times the parts of the network at one size, in our engine on one thread, where a part's time is its own.</summary>
/// <param name="fuser">The engine, of one thread; its maker's.</param>
/// <param name="size">Picture size.</param>
/// <param name="clock">The clock.</param>
internal sealed class LayerBench(EmmaCpuFuser fuser, FrameSize size, TimeProvider clock) : IDisposable
{
    private readonly BenchPictures _pictures = new(size);
    private readonly Samples _frame = new();
    private readonly List<string> _order = [];
    private readonly Dictionary<string, Samples> _times = [];
    private readonly Dictionary<string, TimeSpan> _current = [];
    private long _last;

    /// <summary>What is measured.</summary>
    public string Name { get; } = $"layers, {size}";

    public void WarmUp(TimeSpan turn) => Turns.WarmUp(clock, turn, Call);

    /// <summary>Fuses some pairs and takes the times.</summary>
    public void Turn(TimeSpan turn) => Turns.Take(clock, turn, Call, Keep);

    /// <summary>A row for each part, in the network's order, and one for the frame.</summary>
    public IEnumerable<LayerRow> Rows() => _order.Select(layer => Row(layer, _times[layer])).Append(Row("frame", _frame));

    /// <inheritdoc/>
    public void Dispose() => _pictures.Dispose();

    private TimeSpan Call()
    {
        _current.Clear();
        fuser.WatchLayers(Ended);
        long start = _last = clock.GetTimestamp();
        fuser.Fuse(_pictures.Jobs);
        TimeSpan time = clock.GetElapsedTime(start);
        fuser.WatchLayers(null);
        return time;
    }

    private void Keep(TimeSpan frame)
    {
        _frame.Add(frame);
        foreach ((string layer, TimeSpan time) in _current)
        {
            if (!_times.TryGetValue(layer, out Samples? samples))
            {
                _times[layer] = samples = new();
                _order.Add(layer);
            }
            samples.Add(time);
        }
    }

    // A block with two sweeps ends twice.
    private void Ended(string layer)
    {
        long now = clock.GetTimestamp();
        _current[layer] = _current.GetValueOrDefault(layer) + clock.GetElapsedTime(_last, now);
        _last = now;
    }

    private LayerRow Row(string layer, Samples samples) =>
        new(size.ToString(), layer, Math.Round(samples.Median, 4), Math.Round(samples.Median / _frame.Median, 4));
}
