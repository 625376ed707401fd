namespace EmmaStream.Core.Flow;

/// <summary>What passed a link so far.</summary>
/// <param name="Name">The link's name.</param>
/// <param name="In">Items that entered.</param>
/// <param name="Out">Items that its reader took.</param>
/// <param name="Dropped">Items discarded because the link was full.</param>
/// <param name="Discarded">Items discarded because the reader closed the link.</param>
/// <param name="WriterWaited">Time for which the writer waited for room.</param>
public readonly record struct LinkStats(string Name, long In, long Out, long Dropped, long Discarded, TimeSpan WriterWaited)
{
    /// <summary>Items inside.</summary>
    public long Waiting => In - Out - Dropped - Discarded;
}
