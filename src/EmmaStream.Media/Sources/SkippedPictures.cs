using EmmaStream.Core.Faults;

namespace EmmaStream.Media.Sources;

/// <summary>
/// The pictures of a folder that could not be read and were left out, by their place in the list. The source writes, any thread reads. A picture is
/// in here before any picture after it comes out of the source.
/// </summary>
public sealed class SkippedPictures
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, string> _causes = [];   // under the gate

    /// <summary>How many.</summary>
    public int Count { get { lock (_gate) return _causes.Count; } }

    /// <summary>The line of each, which names the file, the cause and the cure; in the order of the list.</summary>
    public IReadOnlyList<string> Causes { get { lock (_gate) return [.. _causes.Values]; } }

    /// <summary>Whether the picture with this sequence number was left out.</summary>
    public bool Contains(long sequence)
    {
        lock (_gate)
            return _causes.ContainsKey(sequence);
    }

    internal void Add(long sequence, Fault cause)
    {
        lock (_gate)
            _causes[sequence] = cause.Message;
    }
}
