using EmmaStream.Core.Frames;
using OpenCvSharp;

namespace EmmaStream.Imaging.Layouts;

/// <summary>
/// A short text as white letters with a dark outline, painted once at four times its size and reduced, then blended into any number of frames.
/// It draws on the planes of any 8-bit format and respects the range.
/// </summary>
internal sealed unsafe class Label : IDisposable
{
    private const int Oversampling = 4;
    private const HersheyFonts Font = HersheyFonts.HersheyDuplex;

    // How much of a pixel the label covers, and how much of it is letter (the rest is outline); both CV_8UC1, continuous.
    private readonly Mat _cover = new();
    private readonly Mat _letter = new();

    /// <summary>Paints the text.</summary>
    /// <param name="text">ASCII.</param>
    /// <param name="letterHeight">Height of a capital letter in pixels, at least 6.</param>
    internal Label(string text, int letterHeight)
    {
        double scale = Cv2.GetFontScaleFromHeight(Font, letterHeight * Oversampling, 1);
        int stroke = Math.Max(Oversampling, letterHeight * Oversampling / 7), outline = stroke + 2 * Math.Max(Oversampling, letterHeight * Oversampling / 7);
        Size box = Cv2.GetTextSize(text, Font, scale, stroke, out int baseline);
        Width = Even((box.Width + 2 * outline) / Oversampling);
        Height = Even((box.Height + baseline + 2 * outline) / Oversampling);
        Point origin = new(outline, box.Height + outline);
        Paint(_cover, text, origin, scale, outline);
        Paint(_letter, text, origin, scale, stroke);
    }

    /// <summary>Columns, even.</summary>
    internal int Width { get; }

    /// <summary>Rows, even.</summary>
    internal int Height { get; }

    /// <summary>Blends the label into <paramref name="frame"/> with its upper left corner at an even position; what lies outside is cut.</summary>
    internal void DrawOn(Frame frame, int x, int y)
    {
        bool limited = frame.Format.Range == ColorRange.Limited && frame.Format.Pixels != PixelFormat.Bgr24;
        int black = limited ? 16 : 0, white = limited ? 235 : 255;
        int channels = frame.Format.Pixels == PixelFormat.Bgr24 ? 3 : 1;
        int rows = Math.Min(Height, frame.Size.Height - y), columns = Math.Min(Width, frame.Size.Width - x);
        byte* cover = _cover.DataPointer;
        byte* letter = _letter.DataPointer;
        WritablePlane plane = frame.WritablePlane(0);
        for (int row = 0; row < rows; row++)
        {
            Span<byte> to = plane.Row<byte>(y + row)[(x * channels)..];
            for (int i = 0; i < columns * channels; i++)
            {
                int at = row * Width + i / channels;
                to[i] = Blend(to[i], black + (white - black) * letter[at] / 255, cover[at]);
            }
        }
        for (int chroma = 1; chroma < frame.Format.PlaneCount; chroma++)
            Bleach(frame.WritablePlane(chroma), frame.Format.PlaneCount == 2 ? 2 : 1, x / 2, y / 2, columns / 2, rows / 2);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cover.Dispose();
        _letter.Dispose();
    }

    /// <summary>Takes the colour out where the label lies.</summary>
    private void Bleach(WritablePlane plane, int channels, int x, int y, int columns, int rows)
    {
        byte* cover = _cover.DataPointer;
        for (int row = 0; row < rows; row++)
        {
            Span<byte> to = plane.Row<byte>(y + row)[(x * channels)..];
            for (int i = 0; i < columns * channels; i++)
            {
                byte* at = cover + 2 * row * Width + 2 * (i / channels);
                to[i] = Blend(to[i], 128, Math.Max(Math.Max(at[0], at[1]), Math.Max(at[Width], at[Width + 1])));
            }
        }
    }

    private void Paint(Mat reduced, string text, Point origin, double scale, int thickness)
    {
        using Mat large = new(Height * Oversampling, Width * Oversampling, MatType.CV_8UC1, Scalar.Black);
        Cv2.PutText(large, text, origin, Font, scale, Scalar.White, thickness);
        Cv2.Resize(large, reduced, new Size(Width, Height), 0, 0, InterpolationFlags.Area);
    }

    private static byte Blend(int under, int over, int cover) => (byte)((under * (255 - cover) + over * cover + 127) / 255);

    private static int Even(int value) => (value + 1) & ~1;
}
