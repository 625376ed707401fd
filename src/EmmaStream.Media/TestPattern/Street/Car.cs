using OpenCvSharp;

namespace EmmaStream.Media.TestPattern.Street;

/// <summary>Draws a car driving to the right, its rear wheel's left edge at x = 0 of the car.</summary>
internal static class Car
{
    internal const double Length = 196, GroundY = 424;

    /// <summary>As the visible sees it: dark paint in the light at its place; lamps shine.</summary>
    internal static void DrawVisible(Pen pen, double x)
    {
        (double b, double g, double r) = NightLight.At(x + Length / 2, GroundY - 30);
        Scalar body = Lit(122, 92, 52), lower = Lit(84, 62, 36), glass = Lit(60, 52, 46), tyre = Lit(30, 30, 30), rim = Lit(150, 150, 150);
        pen.Oval(new Scalar(8, 7, 7), x + Length / 2, GroundY - 2, Length / 2 + 2, 5);
        Shape(pen, x, body, lower, glass, tyre, rim);
        pen.Line(Lit(190, 170, 140), x + 8, GroundY - 36, x + Length - 8, GroundY - 35, 1);
        pen.Fill(new Scalar(36, 30, 214), (x, GroundY - 38), (x + 7, GroundY - 38), (x + 6, GroundY - 28), (x, GroundY - 28));
        pen.Fill(new Scalar(236, 250, 255), (x + Length - 11, GroundY - 33), (x + Length - 2, GroundY - 31), (x + Length - 1, GroundY - 24), (x + Length - 9, GroundY - 25));

        Scalar Lit(int blue, int green, int red) => new(Math.Min(255, blue * (b + 0.06)), Math.Min(255, green * (g + 0.06)), Math.Min(255, red * (r + 0.06)));
    }

    /// <summary>As the infrared sees it: engine hood, wheels and exhaust are warm, panes mirror the cold sky.</summary>
    internal static void DrawInfrared(Pen pen, double x)
    {
        pen.Oval(new Scalar(118), x + Length / 2, GroundY - 2, Length / 2 + 4, 6);
        Shape(pen, x, new(92), new(84), new(48), new(150), new(208));
        pen.Fill(new Scalar(186), (x + 132, GroundY - 42), (x + 150, GroundY - 43), (x + 188, GroundY - 35), (x + 190, GroundY - 27), (x + 134, GroundY - 28));
        pen.Fill(new Scalar(214), (x + 142, GroundY - 40), (x + 176, GroundY - 35), (x + 180, GroundY - 30), (x + 144, GroundY - 31));
        pen.Line(new Scalar(226), x + 1, GroundY - 11, x + 8, GroundY - 11, 4);
        pen.Oval(new Scalar(160), x + Length - 6, GroundY - 29, 5, 4);
        pen.Oval(new Scalar(196), x + 92, GroundY - 54, 6, 7);   // the driver behind the pane
    }

    private static void Shape(Pen pen, double x, Scalar body, Scalar lower, Scalar glass, Scalar tyre, Scalar rim)
    {
        const double y = GroundY;
        pen.Fill(body, (x + 34, y - 42), (x + 58, y - 67), (x + 66, y - 69), (x + 110, y - 68), (x + 120, y - 64), (x + 146, y - 42));
        pen.Fill(body, (x + 1, y - 40), (x + 6, y - 43), (x + 148, y - 43), (x + 180, y - 38), (x + 193, y - 32), (x + 196, y - 20), (x + 194, y - 12), (x + 2, y - 12));
        pen.Fill(lower, (x + 1, y - 20), (x + 196, y - 20), (x + 194, y - 9), (x + 4, y - 9));
        pen.Fill(glass, (x + 44, y - 43), (x + 61, y - 63), (x + 84, y - 64), (x + 84, y - 43));
        pen.Fill(glass, (x + 88, y - 43), (x + 88, y - 64), (x + 109, y - 64), (x + 117, y - 60), (x + 134, y - 43));
        foreach (double wheel in (ReadOnlySpan<double>)[38, 158])
        {
            pen.Disc(tyre, x + wheel, y - 15, 15);
            pen.Disc(rim, x + wheel, y - 15, 8);
            pen.Disc(tyre, x + wheel, y - 15, 3);
        }
    }
}
