using EmmaStream.Fusion.Cpu.Layout;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>The layouts of the four levels for one padded picture size.</summary>
internal sealed class NetworkLayouts
{
    // Folded maps are whole where others are windows of some rows: 2 MiB.
    private const long LargestFolded = 1 << 19;

    /// <param name="width">Columns, a multiple of 8, at least 16.</param>
    /// <param name="height">Rows, likewise.</param>
    public NetworkLayouts(int width, int height)
    {
        Levels = [.. UFuserSchema.LevelChannels.Select((channels, level) => Level(channels, width >> level, height >> level, level > 0))];
        Picture = new PhaseLayout(1, width, height);
        LargestRow = Levels.Max(l => l.Unfolded().RowStride);
    }

    /// <summary>One channel at full size.</summary>
    public PhaseLayout Picture { get; }

    /// <summary>By level, 1 first.</summary>
    public IReadOnlyList<PhaseLayout> Levels { get; }

    /// <summary>Floats in the largest row.</summary>
    public int LargestRow { get; }

    /// <summary>Rows of less than two vectors are folded; wider ones lose less to part-filled vectors than they gain by streaming through the cache.</summary>
    private static PhaseLayout Level(int channels, int width, int height, bool canFold)
    {
        var rows = new PhaseLayout(channels, width, height);
        return canFold && rows.Tiles < 2 * PhaseLayout.Lanes && rows.Folded().MapFloats <= LargestFolded ? rows.Folded() : rows;
    }
}
