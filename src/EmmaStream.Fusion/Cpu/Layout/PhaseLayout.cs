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
/// </remarks>
internal readonly struct PhaseLayout
{
    /// <summary>Floats in a vector of the widest kernels; lines are multiples of it whatever kernels run.</summary>
    public const int Lanes = 16;

    /// <summary>Floats that kernels may read beyond the end of a row.</summary>
    public const int Slack = 128;

    private const int CacheLine = 16;

    public PhaseLayout(int channels, int width, int height)
    {
        (Channels, Width, Height) = (channels, width, height);
        Tiles = (width + 3) / 4;
        Line = (Tiles + Lanes - 1) / Lanes * Lanes;
        int hole = Line - Tiles >= 2 ? 0 : Lanes;
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

    /// <summary>Floats from row to row.</summary>
    public int RowStride { get; }

    /// <summary>Strips of 4 rows, the last one perhaps partial.</summary>
    public int Strips => (Height + 3) / 4;

    /// <summary>Offset of phase line <paramref name="phase"/> in a channel.</summary>
    public int Phase(int phase) => phase switch { 0 => Phase0, 1 => Phase1, 2 => Phase2, _ => Phase3 };

    /// <summary>Offset of pixel <paramref name="x"/> in a channel; -1 and up to 4 x tiles are halo.</summary>
    public int Pixel(int x) => Phase(x & 3) + (x >> 2);

    /// <summary>How many pixels of phase <paramref name="phase"/> a row has.</summary>
    public int PixelsOf(int phase) => (Width - phase + 3) >> 2;

    /// <summary>The same picture size with other channels.</summary>
    public PhaseLayout With(int channels) => new(channels, Width, Height);
}
