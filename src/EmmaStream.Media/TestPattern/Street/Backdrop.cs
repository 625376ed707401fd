using OpenCvSharp;

namespace EmmaStream.Media.TestPattern.Street;

/// <summary>
/// The standing street as one camera sees it, painted once: layers at twice the size reduced to the canvas, then, for the visible, lit, with sky, stars,
/// bloom and reflections on the wet road.
/// </summary>
internal static class Backdrop
{
    private const int Oversampling = 2;

    /// <summary>The gray canvas of the infrared.</summary>
    internal static void PaintInfrared(Pen pen, int seed)
    {
        using Mat layer = PaintLayer(pen, Layer.Infrared, seed);
        layer.CopyTo(pen.Canvas);
        int height = pen.Canvas.Height, width = pen.Canvas.Width;
        for (int row = 0; row < height; row++)
        {
            Span<byte> to = RowOf(pen.Canvas, row, width);
            double y = pen.Top + (row + 0.5) / pen.Scale;
            for (int column = 0; column < width; column++)
            {
                double x = pen.Left + (column + 0.5) / pen.Scale;
                double level = to[column] + Unevenness(seed, x, y);
                if (to[column] <= Material.Sky.Infrared)
                    level += Math.Clamp(y + 60, 0, 200) * 0.11;   // the sky is coldest overhead
                to[column] = (byte)Math.Clamp(level, 0, 255);
            }
        }
    }

    /// <summary>The BGR canvas of the visible.</summary>
    internal static void PaintVisible(Pen pen, int seed)
    {
        using Mat albedo = PaintLayer(pen, Layer.Albedo, seed);
        using Mat emission = PaintLayer(pen, Layer.Emission, seed);
        int width = pen.Canvas.Width, height = pen.Canvas.Height;
        int[] lit = new int[width * height * 3];   // 16 a level
        for (int row = 0; row < height; row++)
            LightRow(pen, seed, RowOf(albedo, row, width * 3), RowOf(emission, row, width * 3), lit.AsSpan(row * width * 3, width * 3), pen.Top + (row + 0.5) / pen.Scale);
        int[] glow = new int[lit.Length];
        for (int row = 0; row < height; row++)
        {
            Span<byte> from = RowOf(emission, row, width * 3);
            for (int i = 0; i < from.Length; i++)
                glow[row * from.Length + i] = 16 * Math.Max(0, from[i] - 20);
        }
        int radius = Math.Max(1, (int)(5 * pen.Scale));
        for (int pass = 0; pass < 2; pass++)
        {
            Blur.Horizontal(glow, width, 3, radius);
            Blur.Vertical(glow, width, 3, radius);
        }
        for (int i = 0; i < lit.Length; i++)
            lit[i] += glow[i] * 6 / 10;
        Reflect(pen, lit, seed);
        for (int row = 0; row < height; row++)
        {
            Span<byte> to = RowOf(pen.Canvas, row, width * 3);
            for (int i = 0; i < to.Length; i++)
                to[i] = (byte)Math.Clamp(lit[row * to.Length + i] / 16, 0, 255);
        }
    }

    private static Mat PaintLayer(Pen pen, Layer layer, int seed)
    {
        MatType type = layer == Layer.Infrared ? MatType.CV_8UC1 : MatType.CV_8UC3;
        Size size = pen.Canvas.Size();
        using Mat large = new(size.Height * Oversampling, size.Width * Oversampling, type);
        new StreetPainter(new Pen(large, pen.Scale * Oversampling, pen.Left, pen.Top), layer, seed).Paint();
        Mat reduced = new();
        Cv2.Resize(large, reduced, size, 0, 0, InterpolationFlags.Area);
        return reduced;
    }

    private static void LightRow(Pen pen, int seed, Span<byte> albedo, Span<byte> emission, Span<int> lit, double y)
    {
        for (int i = 0; i < albedo.Length; i += 3)
        {
            double x = pen.Left + (i / 3 + 0.5) / pen.Scale;
            (double b, double g, double r) = NightLight.At(x, y);
            // Haze round the lamp.
            double dx = x - StreetPainter.LampX, dy = y - StreetPainter.LampY;
            double haze = 34 / (1 + (dx * dx + dy * dy) / 900);
            double sky = albedo[i] + albedo[i + 1] + albedo[i + 2] + emission[i + 1] == 0 ? 1 : 0;
            double height = Math.Clamp((y + 60) / 300, 0, 1), star = sky * Star(seed, x, y);
            lit[i] = (int)(16 * (albedo[i] * b + emission[i] + 0.5 * haze + sky * (30 + 22 * height) + star));
            lit[i + 1] = (int)(16 * (albedo[i + 1] * g + emission[i + 1] + 0.8 * haze + sky * (17 + 20 * height) + star));
            lit[i + 2] = (int)(16 * (albedo[i + 2] * r + emission[i + 2] + haze + sky * (11 + 30 * height) + 0.9 * star));
        }
    }

    /// <summary>Few points of light on a grid of 9 units.</summary>
    private static double Star(int seed, double x, double y)
    {
        int column = (int)Math.Floor(x / 9), row = (int)Math.Floor(y / 9);
        if (Hash.Of(seed, 200 + column, row) % 9 != 0)
            return 0;
        double dx = x - 9 * (column + 0.2 + 0.6 * Hash.Unit(seed, 300 + column, row)), dy = y - 9 * (row + 0.2 + 0.6 * Hash.Unit(seed, 400 + column, row));
        return Math.Max(0, 1 - (dx * dx + dy * dy) / 1.1) * (60 + 110 * Hash.Unit(seed, 500 + column, row));
    }

    /// <summary>Adds a dim, streaky mirror image of what stands above to the road.</summary>
    private static void Reflect(Pen pen, int[] lit, int seed)
    {
        int width = pen.Canvas.Width, height = pen.Canvas.Height, stride = width * 3;
        int[] smeared = [.. lit];
        Blur.Vertical(smeared, width, 3, Math.Max(1, (int)(11 * pen.Scale)));
        Blur.Horizontal(smeared, width, 3, Math.Max(1, (int)(1.5 * pen.Scale)));
        for (int row = 0; row < height; row++)
        {
            double y = pen.Top + (row + 0.5) / pen.Scale;
            if (y <= StreetPainter.RoadY)
                continue;
            double mirrored = StreetPainter.GroundY - (y - StreetPainter.RoadY) * 2.3;
            int from = (int)((mirrored - pen.Top) * pen.Scale);
            if (from < 0 || from >= height)
                continue;
            int ripple = (int)((Hash.Unit(seed, 600, (int)(y * 1.4)) - 0.5) * 4 * pen.Scale);
            for (int x = 0; x < width; x++)
            {
                int at = Math.Clamp(x + ripple, 0, width - 1) * 3 + from * stride;
                for (int c = 0; c < 3; c++)
                    lit[row * stride + x * 3 + c] += Math.Max(0, smeared[at + c] - 160) * 3 / 10;
            }
        }
    }

    /// <summary>Slow variation of warmth over the surfaces, about -5 to 5 levels: smooth noise on a grid of 46 units.</summary>
    private static double Unevenness(int seed, double x, double y)
    {
        double gx = x / 46, gy = y / 46;
        int cx = (int)Math.Floor(gx), cy = (int)Math.Floor(gy);
        double fx = Smooth(gx - cx), fy = Smooth(gy - cy);
        double top = Corner(cx, cy) * (1 - fx) + Corner(cx + 1, cy) * fx, below = Corner(cx, cy + 1) * (1 - fx) + Corner(cx + 1, cy + 1) * fx;
        return top * (1 - fy) + below * fy;

        double Corner(int a, int b) => 10 * Hash.Unit(seed, 700 + a, b) - 5;
        static double Smooth(double f) => f * f * (3 - 2 * f);
    }

    private static unsafe Span<byte> RowOf(Mat mat, int row, int bytes) => new((byte*)mat.Ptr(row), bytes);
}
