using EmmaStream.Fusion.Cpu.Layout;
using EmmaStream.Fusion.Network;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>The layouts of the four levels for one padded picture size.</summary>
internal sealed class NetworkLayouts
{
    /// <param name="width">Columns, a multiple of 8, at least 16.</param>
    /// <param name="height">Rows, likewise.</param>
    public NetworkLayouts(int width, int height)
    {
        Levels = [.. UFuserSchema.LevelChannels.Select((channels, level) => new PhaseLayout(channels, width >> level, height >> level))];
        Picture = new PhaseLayout(1, width, height);
        LargestRow = Levels.Max(l => l.RowStride);
    }

    /// <summary>One channel at full size.</summary>
    public PhaseLayout Picture { get; }

    /// <summary>By level, 1 first.</summary>
    public IReadOnlyList<PhaseLayout> Levels { get; }

    /// <summary>Floats in the largest row.</summary>
    public int LargestRow { get; }
}
