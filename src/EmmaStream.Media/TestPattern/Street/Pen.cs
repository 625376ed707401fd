using OpenCvSharp;

namespace EmmaStream.Media.TestPattern.Street;

/// <summary>
/// Draws on a canvas in street units: x from left to right, y down, the visible picture 480 high and centred at x = 320. Positions are rounded to a
/// 64th of a pixel and edges are antialiased with integers by OpenCV, so that a picture is the same on every machine.
/// </summary>
/// <param name="canvas">What to draw on.</param>
/// <param name="scale">Pixels per unit.</param>
/// <param name="left">Units at the canvas's left edge.</param>
/// <param name="top">Units at its upper edge.</param>
internal sealed class Pen(Mat canvas, double scale, double left, double top)
{
    private const int Shift = 6;

    internal Mat Canvas { get; } = canvas;

    internal double Scale { get; } = scale;

    internal double Left { get; } = left;

    internal double Top { get; } = top;

    /// <summary>A convex polygon.</summary>
    internal void Fill(Scalar color, params ReadOnlySpan<(double X, double Y)> corners)
    {
        Point[] points = new Point[corners.Length];
        for (int i = 0; i < corners.Length; i++)
            points[i] = At(corners[i].X, corners[i].Y);
        Cv2.FillConvexPoly(Canvas, points, color, LineTypes.AntiAlias, Shift);
    }

    /// <summary>An upright rectangle.</summary>
    internal void Box(Scalar color, double x, double y, double width, double height)
    {
        // The antialiased outline of a polygon reaches half a pixel out; a rectangle of whole pixels stays sharp.
        int x0 = Pixel(x, Left), y0 = Pixel(y, Top), x1 = Pixel(x + width, Left), y1 = Pixel(y + height, Top);
        if (x1 > x0 && y1 > y0)
            Cv2.Rectangle(Canvas, new Rect(x0, y0, x1 - x0, y1 - y0), color, -1);
    }

    /// <summary>A line with round ends.</summary>
    internal void Line(Scalar color, double x0, double y0, double x1, double y1, double thickness) =>
        Cv2.Line(Canvas, At(x0, y0), At(x1, y1), color, Math.Max(1, (int)Math.Round(thickness * Scale)), LineTypes.AntiAlias, Shift);

    /// <summary>A disc.</summary>
    internal void Disc(Scalar color, double x, double y, double radius) =>
        Cv2.Circle(Canvas, At(x, y), Math.Max(1, Length(radius)), color, -1, LineTypes.AntiAlias, Shift);

    /// <summary>An upright ellipse.</summary>
    internal void Oval(Scalar color, double x, double y, double radiusX, double radiusY) =>
        Cv2.Ellipse(Canvas, At(x, y), new Size(Math.Max(1, Length(radiusX)), Math.Max(1, Length(radiusY))), 0, 0, 360, color, -1, LineTypes.AntiAlias, Shift);

    /// <summary>Capital letters of the given height whose middle lies at (x, y).</summary>
    internal void Text(Scalar color, string text, double x, double y, double height, double thickness)
    {
        const HersheyFonts font = HersheyFonts.HersheyDuplex;
        const double capHeight = 21;   // of the font at scale 1, in pixels
        double fontScale = height * Scale / capHeight;
        int stroke = Math.Max(1, (int)Math.Round(thickness * Scale));
        Size size = Cv2.GetTextSize(text, font, fontScale, stroke, out _);
        Point origin = new(Pixel(x, Left) - size.Width / 2, Pixel(y, Top) + (int)Math.Round(height * Scale / 2));
        Cv2.PutText(Canvas, text, origin, font, fontScale, color, stroke, LineTypes.AntiAlias);
    }

    private Point At(double x, double y) => new(Fixed((x - Left) * Scale), Fixed((y - Top) * Scale));

    // Pixel centres lie at integers, edges half a pixel before them.
    private static int Fixed(double pixels) => (int)Math.Round((Math.Clamp(pixels, -20_000, 20_000) - 0.5) * (1 << Shift));

    private int Length(double units) => (int)Math.Round(units * Scale * (1 << Shift));

    private int Pixel(double units, double origin) => (int)Math.Round(Math.Clamp((units - origin) * Scale, -20_000, 20_000));
}
