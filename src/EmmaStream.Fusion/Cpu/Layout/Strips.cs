using EmmaStream.Fusion.Cpu.Kernels;

namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>
/// Consecutive strips of 4 rows of one stage of a sweep. Strip s of a stage with shift n covers the rows 4s - n to 4s - n + 3: each 3x3
/// shifts its grid up by one row, so that it needs of its input the strip just made and the last two rows of the one before.
/// </summary>
/// <param name="First">First strip.</param>
/// <param name="End">Strip after the last.</param>
/// <param name="Shift">Rows that the grid is shifted up.</param>
internal readonly record struct Strips(int First, int End, int Shift)
{
    public int Count => Math.Max(End - First, 0);

    /// <summary>First row of strip <paramref name="strip"/>; negative where the strip begins above the map.</summary>
    public int RowOf(int strip) => (Winograd.Tile * strip) - Shift;

    /// <summary>First row within the map.</summary>
    public int FirstRow => Math.Max(RowOf(First), 0);

    /// <summary>Row after the last, within a map of <paramref name="height"/> rows.</summary>
    public int EndRow(int height) => Math.Min(RowOf(End), height);

    /// <summary>Tiles of a folded map that hold these strips, in whole vectors.</summary>
    public int RunLength(in PhaseLayout layout) => PhaseLayout.WholeVectors((Count * layout.Pitch) - 1);

    /// <summary>Strips that cover <paramref name="height"/> rows at a shift: from the first with a row of the map on, counted from 0.</summary>
    public static Strips Covering(int height, int shift) => new(shift / Winograd.Tile, (height + shift + Winograd.Tile - 1) / Winograd.Tile, shift);
}
