namespace EmmaStream.Media.TestPattern.Street;

/// <summary>Noise of a sensor: a tile of bell-shaped integers, laid over each frame from another place.</summary>
internal sealed class Grain
{
    private const int Length = 1 << 16;

    private readonly short[] _tile = new short[Length];
    private readonly int _seed;

    /// <summary>Makes the tile.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="deviation">Standard deviation in units of the samples, at least 0.</param>
    internal Grain(int seed, double deviation)
    {
        _seed = seed;
        Silent = deviation == 0;
        for (int i = 0; i < Length; i++)
        {
            // The sum of four uniform bytes has mean 510 and a standard deviation of 147.8.
            uint bits = Hash.Of(seed, 900, i);
            int sum = (int)((bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24)) - 510;
            _tile[i] = (short)Math.Round(sum * deviation / 147.8);
        }
    }

    /// <summary>Whether there is none.</summary>
    internal bool Silent { get; }

    /// <summary>Adds noise to one row of one frame, staying within <paramref name="low"/> to <paramref name="high"/>.</summary>
    internal void AddTo(Span<byte> row, long frame, int y, int low, int high)
    {
        int at = Start(frame, y);
        for (int i = 0; i < row.Length; i++)
            row[i] = (byte)Math.Clamp(row[i] + _tile[at + i & (Length - 1)], low, high);
    }

    /// <summary>The same for 16-bit samples.</summary>
    internal void AddTo(Span<ushort> row, long frame, int y)
    {
        int at = Start(frame, y);
        for (int i = 0; i < row.Length; i++)
            row[i] = (ushort)Math.Clamp(row[i] + _tile[at + i & (Length - 1)], 0, 65535);
    }

    private int Start(long frame, int y) => (int)(Hash.Of(_seed, (int)frame, y) & (Length - 1));
}
