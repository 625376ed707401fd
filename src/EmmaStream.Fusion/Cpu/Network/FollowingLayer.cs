using EmmaStream.Fusion.Cpu.Kernels;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>
/// A layer that makes rows from a few rows of a block's output. The block's worker makes them right behind the block, while these are still
/// in its caches; what lies between two bands of the block is left for the layer's own turn.
/// </summary>
/// <param name="name">As in the weights file.</param>
/// <param name="rows">Rows that it can make.</param>
internal abstract class FollowingLayer<TKernels>(string name, int rows) : Layer<TKernels>(name)
    where TKernels : struct, IKernels
{
    private readonly bool[] _made = new bool[rows];

    /// <summary>A new frame begins: no row of it is made, however the last one ended.</summary>
    public void Restart() => Array.Clear(_made);

    /// <summary>The first row that needs nothing above row <paramref name="inputRow"/> of the input.</summary>
    public abstract int FirstFrom(int inputRow);

    /// <summary>Makes rows that have what they need.</summary>
    /// <param name="next">The first row not yet made.</param>
    /// <param name="inputEnd">Rows of the input that are there, down from the one that <paramref name="next"/> began with.</param>
    /// <param name="worker">Whose memory is used.</param>
    /// <returns>The next row not yet made.</returns>
    public int Follow(int next, int inputEnd, Worker<TKernels> worker)
    {
        int end = Math.Min(EndBefore(inputEnd), Length(0));
        if (end <= next)
            return next;
        Make(next, end, worker);
        Array.Fill(_made, true, next, end - next);
        return end;
    }

    public override void Run(int step, int first, int end, Worker<TKernels> worker)
    {
        for (int y = first; y < end; y++)
        {
            if (!_made[y])
                Make(y, y + 1, worker);
        }
    }

    /// <summary>The row after the last that needs nothing below row <paramref name="inputEnd"/> - 1 of the input.</summary>
    protected abstract int EndBefore(int inputEnd);

    /// <summary>Makes rows <paramref name="first"/> to <paramref name="end"/> - 1.</summary>
    protected abstract void Make(int first, int end, Worker<TKernels> worker);
}
