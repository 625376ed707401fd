using EmmaStream.Core.Frames;

namespace EmmaStream.Media.TestPattern;

/// <summary>Which corner a frame number stands in.</summary>
public enum CounterCorner
{
    /// <summary>Upper right: the visible's number.</summary>
    UpperRight,

    /// <summary>Lower left: the infrared's number.</summary>
    LowerLeft,
}

/// <summary>
/// A frame number burnt into a picture as black and white blocks, read back from what became of it: encoded, scaled as a whole, fused. The mark is
/// 8 x 5 cells with a dark rim of one cell, each cell a 60th of the picture's height: a row of alternating cells that tells black from white, then
/// three bytes of the number, the highest first, then their CRC-8. The visible carries its number upper right, the infrared lower left, so that a
/// fused picture shows both. Seen through a homography the infrared's moves with the rest of its picture: read it before registering, or at
/// identity.
/// </summary>
public static class FrameCounter
{
    /// <summary>Numbers go from 0 to one less than this, then begin again.</summary>
    public const long Modulus = 1 << 24;

    private const int Columns = 8;
    private const int Rows = 5;
    private const int CellsInHeight = 80;
    private const double LeastContrast = 0.03;   // of the sample's full scale

    /// <summary>Burns <paramref name="value"/> modulo <see cref="Modulus"/> into plane 0 of a picture of at least 120 rows; chroma under the mark becomes neutral.</summary>
    /// <exception cref="InvalidOperationException">The frame has more than one owner.</exception>
    public static void Burn(Frame frame, CounterCorner corner, long value)
    {
        bool limited = frame.Format.Range == ColorRange.Limited;
        int black = limited ? 16 : 0, white = limited ? 235 : 255;
        ulong cells = Cells(value);
        for (int row = -1; row <= Rows; row++)
        {
            for (int column = -1; column <= Columns; column++)
            {
                bool inside = row is >= 0 and < Rows && column is >= 0 and < Columns;
                bool bright = inside && (cells >> (row * Columns + column) & 1) != 0;
                Fill(frame, CellOf(frame.Size, corner, column, row), bright ? white : black);
            }
        }
    }

    /// <summary>Reads the number of a picture that carries one in <paramref name="corner"/>.</summary>
    /// <param name="frame">Any format and size; the whole picture, not a part of it.</param>
    /// <param name="corner">Where to look.</param>
    /// <param name="value">The number, 0 to <see cref="Modulus"/> - 1.</param>
    /// <returns>False where no readable mark is: too little contrast, a damaged row of reference cells, or a wrong CRC.</returns>
    public static bool TryRead(Frame frame, CounterCorner corner, out long value)
    {
        value = 0;
        if (frame.Size.Height < CellsInHeight)
            return false;
        Span<double> levels = stackalloc double[Columns * Rows];
        for (int i = 0; i < levels.Length; i++)
            levels[i] = Mean(frame, CellOf(frame.Size, corner, i % Columns, i / Columns));
        double bright = 0, dark = 0;
        for (int i = 0; i < Columns; i += 2)
        {
            bright += levels[i] / (Columns / 2);
            dark += levels[i + 1] / (Columns / 2);
        }
        if (bright - dark < LeastContrast)
            return false;
        ulong cells = 0;
        for (int i = 0; i < levels.Length; i++)
            cells |= (levels[i] > (bright + dark) / 2 ? 1UL : 0) << i;
        long read = Number(cells);
        value = cells == Cells(read) ? read : 0;
        return cells == Cells(read);
    }

    /// <summary>Bit column + 8 row: the reference row, three bytes of the number, its CRC; the first column holds a byte's highest bit.</summary>
    private static ulong Cells(long value)
    {
        ulong cells = 0b0101_0101;
        byte crc = 0;
        for (int row = 1; row <= 3; row++)
        {
            byte part = (byte)(value >> (8 * (3 - row)));
            crc = Crc8((byte)(crc ^ part));
            cells |= (ulong)Reversed(part) << (row * Columns);
        }
        return cells | (ulong)Reversed((byte)(crc ^ 0x5A)) << (4 * Columns);   // so that number 0 is not all dark
    }

    private static long Number(ulong cells)
    {
        long value = 0;
        for (int row = 1; row <= 3; row++)
            value = value << 8 | Reversed((byte)(cells >> (row * Columns)));
        return value;
    }

    private static byte Reversed(byte value)
    {
        int reversed = 0;
        for (int i = 0; i < 8; i++)
            reversed |= (value >> i & 1) << (7 - i);
        return (byte)reversed;
    }

    /// <summary>One byte through the polynomial x^8 + x^2 + x + 1.</summary>
    private static byte Crc8(byte value)
    {
        int crc = value;
        for (int i = 0; i < 8; i++)
            crc = (crc & 0x80) != 0 ? crc << 1 ^ 0x07 : crc << 1;
        return (byte)crc;
    }

    private static (int X0, int Y0, int X1, int Y1) CellOf(FrameSize size, CounterCorner corner, int column, int row)
    {
        double cell = (double)size.Height / CellsInHeight;
        double left = corner == CounterCorner.UpperRight ? size.Width - (Columns + 1.5) * cell : 1.5 * cell;
        double top = corner == CounterCorner.UpperRight ? 1.5 * cell : size.Height - (Rows + 1.5) * cell;
        return (Edge(left + column * cell), Edge(top + row * cell), Edge(left + (column + 1) * cell), Edge(top + (row + 1) * cell));
    }

    private static int Edge(double at) => (int)Math.Round(at, MidpointRounding.AwayFromZero);

    private static void Fill(Frame frame, (int X0, int Y0, int X1, int Y1) cell, int level)
    {
        for (int y = cell.Y0; y < cell.Y1; y++)
        {
            switch (frame.Format.Pixels)
            {
                case PixelFormat.Gray16:
                    frame.WritablePlane(0).Row<ushort>(y)[cell.X0..cell.X1].Fill(InfraredView.Counts(level));
                    break;
                case PixelFormat.GrayF32:
                    frame.WritablePlane(0).Row<float>(y)[cell.X0..cell.X1].Fill(level / 255f);
                    break;
                case PixelFormat.Bgr24:
                    frame.WritablePlane(0).Row<byte>(y)[(3 * cell.X0)..(3 * cell.X1)].Fill((byte)level);
                    break;
                default:
                    frame.WritablePlane(0).Row<byte>(y)[cell.X0..cell.X1].Fill((byte)level);
                    break;
            }
            for (int plane = 1; plane < frame.Format.PlaneCount; plane++)
            {
                int samples = frame.Format.PlaneCount == 2 ? 2 : 1;
                frame.WritablePlane(plane).Row<byte>(y / 2)[(cell.X0 / 2 * samples)..((cell.X1 + 1) / 2 * samples)].Fill(128);
            }
        }
    }

    /// <summary>Mean of the middle half of a cell, 0 to 1.</summary>
    private static double Mean(Frame frame, (int X0, int Y0, int X1, int Y1) cell)
    {
        int insetX = (cell.X1 - cell.X0) / 4, insetY = (cell.Y1 - cell.Y0) / 4;
        double sum = 0;
        int count = 0;
        for (int y = cell.Y0 + insetY; y < Math.Max(cell.Y1 - insetY, cell.Y0 + 1); y++)
        {
            for (int x = cell.X0 + insetX; x < Math.Max(cell.X1 - insetX, cell.X0 + 1); x++, count++)
            {
                sum += frame.Format.Pixels switch
                {
                    PixelFormat.Gray16 => frame.Plane(0).Row<ushort>(y)[x] / 65535.0,
                    PixelFormat.GrayF32 => frame.Plane(0).Row<float>(y)[x],
                    PixelFormat.Bgr24 => frame.Plane(0).Row<byte>(y)[3 * x + 1] / 255.0,
                    _ => frame.Plane(0).Row<byte>(y)[x] / 255.0,
                };
            }
        }
        return sum / count;
    }
}
