using System.Runtime.CompilerServices;

namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>
/// How one row of a feature map lies in memory: channel after channel, each as four phase lines. Pixel x = 4k + p lies in phase line p at
/// index k, so the lanes of a vector are 16 neighbouring tiles of 4 pixels, and the x half of a Winograd transform is plain arithmetic on
/// whole vectors.
/// </summary>
/// <remarks>
/// The lines of a channel follow each other in the order 1, 2, 0, 3. Phase 3 at index -1 is pixel -1, phase W mod 4 at index W / 4 is pixel
/// W: both halo pixels live inside the row. Where the lines have no spare lanes for them, a hole of 16 floats lies between phases 0 and 3.
/// What pads a line holds finite values of no meaning.
/// <para>
/// Rows too short to fill vectors are folded: the rows y, y + 4, y + 8 ... lie side by side in the same phase lines, one slot apart for the
/// halo, so that a run of strips is a run of neighbouring tiles for every kernel, whatever row it begins with. The rows that stand for what
/// lies above and below the picture are there in memory then.
/// </para>
/// </remarks>
internal readonly struct PhaseLayout
{
    /// <summary>Floats in a vector of the widest kernels; lines are multiples of it whatever kernels run.</summary>
    public const int Lanes = 16;

    /// <summary>Floats that kernels may read beyond the end of a row.</summary>
    public const int Slack = 128;

    private const int CacheLine = 16;

    public PhaseLayout(int channels, int width, int height)
        : this(channels, width, height, folded: false)
    {
    }

    private PhaseLayout(int channels, int width, int height, bool folded)
    {
        (Channels, Width, Height, IsFolded) = (channels, width, height, folded);
        Tiles = (width + 3) / 4;
        Pitch = Tiles + 1;
        Lead = WholeVectors(Pitch);
        // Folded: a strip above, the strips, a strip below, and what the last vector may write beyond a run.
        Line = folded ? WholeVectors(Lead + ((Strips + 1) * Pitch) + Lanes) : WholeVectors(Tiles);
        int hole = folded || Line - Tiles < 2 ? Lanes : 0;
        Phase1 = 0;
        Phase2 = Line;
        Phase0 = 2 * Line;
        Phase3 = (3 * Line) + hole;
        ChannelStride = (4 * Line) + hole;
        // Rows a multiple of 4096 bytes apart would compete for the same cache sets.
        int lines = channels * ChannelStride / CacheLine;
        RowStride = (lines + ((27 - (lines % 16)) % 16)) * CacheLine;
        (Before, Second, SecondLast, After) = (Pixel(-1), Pixel(1), Pixel(width - 2), Pixel(width));
    }

    public int Channels { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Tiles of 4 pixels in a row, the last one perhaps partial.</summary>
    public int Tiles { get; }

    /// <summary>Whether rows 4 apart lie side by side.</summary>
    public bool IsFolded { get; }

    /// <summary>Folded: floats from a row to the row 4 below it.</summary>
    public int Pitch { get; }

    /// <summary>Floats of one phase line, a multiple of 16.</summary>
    public int Line { get; }

    /// <summary>Offsets of the phase lines in a channel.</summary>
    public int Phase0 { get; }

    public int Phase1 { get; }

    public int Phase2 { get; }

    public int Phase3 { get; }

    /// <summary>Offset of the halo pixel -1, and of pixel 1 that it repeats where the border reflects.</summary>
    public int Before { get; }

    public int Second { get; }

    /// <summary>Offset of the halo pixel W, and of pixel W - 2 that it repeats where the border reflects.</summary>
    public int After { get; }

    public int SecondLast { get; }

    /// <summary>Floats from channel to channel, a multiple of 16: also the length of the run that pointwise kernels work on.</summary>
    public int ChannelStride { get; }

    /// <summary>Floats from row to row; folded: to the next row but every fourth.</summary>
    public int RowStride { get; }

    /// <summary>Floats of a whole map.</summary>
    public long MapFloats => (IsFolded ? 4 : Height) * (long)RowStride;

    /// <summary>Strips of 4 rows, the last one perhaps partial.</summary>
    public int Strips => (Height + 3) / 4;

    /// <summary>Offset of phase line <paramref name="phase"/> in a channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Phase(int phase) => phase > 1 ? (phase == 2 ? Phase2 : Phase3) : phase == 0 ? Phase0 : Phase1;

    /// <summary>Offset of pixel <paramref name="x"/> in a channel; -1 and up to 4 x tiles are halo.</summary>
    public int Pixel(int x) => Phase(x & 3) + (x >> 2);

    /// <summary>How many pixels of phase <paramref name="phase"/> a row has.</summary>
    public int PixelsOf(int phase) => (Width - phase + 3) >> 2;

    /// <summary>Where row <paramref name="y"/> of a whole map begins; folded: from -4 to the last strip's end.</summary>
    public long RowOffset(int y) => IsFolded ? ((y & 3) * (long)RowStride) + Lead + ((y >> 2) * Pitch) : y * (long)RowStride;

    /// <summary>The same picture size with other channels.</summary>
    public PhaseLayout With(int channels) => new(channels, Width, Height, IsFolded);

    /// <summary>The same map with rows 4 apart side by side.</summary>
    public PhaseLayout Folded() => new(Channels, Width, Height, folded: true);

    /// <summary>The same map row by row.</summary>
    public PhaseLayout Unfolded() => new(Channels, Width, Height);

    /// <summary>The number of floats in the vectors that <paramref name="tiles"/> tiles take.</summary>
    public static int WholeVectors(int tiles) => (tiles + Lanes - 1) / Lanes * Lanes;

    /// <summary>Folded: floats of a line before its first row.</summary>
    private int Lead { get; }
}
