using OpenCvSharp;

namespace EmmaStream.Media.TestPattern.Street;

/// <summary>
/// The standing part of the street, painted in one layer at a time: a brick house with a bakery, a dark alley, a plastered hotel, sidewalk, road and a
/// street lamp. All layers share their geometry, so both cameras see the same edges where both see anything.
/// </summary>
/// <param name="pen">Where to paint.</param>
/// <param name="layer">What to paint.</param>
/// <param name="seed">Chooses bricks and windows.</param>
internal sealed class StreetPainter(Pen pen, Layer layer, int seed)
{
    internal const double AlleyLeft = 214, AlleyRight = 330, GroundY = 338, CurbY = 372, RoadY = 379;
    internal const double LampX = 452, LampY = 112;
    private const double West = -560, East = 1200, South = 640, North = -260;

    internal void Paint()
    {
        pen.Canvas.SetTo(Material.Sky.In(layer));
        PaintAlley();
        PaintBrickHouse();
        PaintHotel();
        PaintGround();
        PaintLamp();
    }

    private void Box(Material material, double x, double y, double width, double height, double variation = 0) =>
        pen.Box(material.In(layer, variation), x, y, width, height);

    private void PaintAlley()
    {
        Box(Material.AlleyBack, AlleyLeft, 96, AlleyRight - AlleyLeft, GroundY - 96);
        for (int row = 0; row < 14; row++)
            Box(Material.AlleyBack, 250, 98 + row * 15, 46, 13, (Hash.Unit(seed, 7, row) - 0.5) * 0.3);
        pen.Fill(Material.AlleyFloor.In(layer), (250, 306), (296, 306), (AlleyRight, GroundY), (AlleyLeft, GroundY));
        pen.Fill(Material.AlleySide.In(layer), (AlleyLeft, 40), (250, 96), (250, 306), (AlleyLeft, GroundY));
        pen.Fill(Material.AlleySide.In(layer, -0.15), (AlleyRight, 20), (296, 96), (296, 306), (AlleyRight, GroundY));
        for (int i = 1; i < 12; i++)   // courses run towards the vanishing point
        {
            double near = 40 + i * 25, far = 96 + i * 17.6;
            pen.Line(Material.AlleySide.In(layer, -0.5), AlleyLeft, near, 250, far, 0.8);
            pen.Line(Material.AlleySide.In(layer, -0.55), AlleyRight, near - 10, 296, far, 0.8);
        }
        Window(262, 128, 22, 30, Material.GlassDim, panes: 2);
        Box(Material.Bin, 222, 296, 30, 36);
        Box(Material.Bin, 220, 291, 34, 6, 0.3);
        pen.Line(Material.Pipe.In(layer), 304, 60, 304, 318, 2.2);
    }

    private void PaintBrickHouse()
    {
        const double top = 34, brickWidth = 13, brickHeight = 6;
        Box(Material.Mortar, West, top, AlleyLeft - West, GroundY - top);
        int rows = (int)((GroundY - top) / brickHeight);
        for (int row = 0; row < rows; row++)
        {
            double y = top + row * brickHeight, shift = (row & 1) * brickWidth / 2;
            for (double x = West - shift; x < AlleyLeft; x += brickWidth)
            {
                double right = Math.Min(x + brickWidth - 1.2, AlleyLeft);
                double variation = (Hash.Unit(seed, row, (int)Math.Round(x * 2)) - 0.5) * 0.55;
                Box(Material.Brick, x, y, right - x, brickHeight - 1.2, variation);
            }
        }
        Box(Material.Cornice, West, top - 10, AlleyLeft - West + 4, 12);
        Box(Material.Cornice, West, top - 14, AlleyLeft - West + 7, 5, 0.25);
        for (int floor = 0; floor < 2; floor++)
        {
            for (int column = -8; column < 3; column++)
            {
                double x = 30 + column * 64, y = 62 + floor * 82;
                Box(Material.Stone, x - 5, y - 7, 46, 6);
                Box(Material.Stone, x - 6, y + 56, 48, 5, 0.15);
                Window(x, y, 36, 56, LitGlass(floor, column), panes: 2);
            }
        }
        PaintBakery();
    }

    private void PaintBakery()
    {
        Box(Material.Stone, 6, 222, 202, GroundY - 222, -0.35);
        Box(Material.SignBoard, 12, 226, 190, 27);
        pen.Text(Material.SignLetter.In(layer), "BAKERY", 107, 239.5, 17, 2.3);
        Box(Material.ShopGlass, 18, 262, 124, 62);
        for (int shelf = 0; shelf < 2; shelf++)
        {
            double y = 290 + shelf * 22;
            Box(Material.Shelf, 18, y, 124, 3);
            for (int i = 0; i < 9; i++)
            {
                double size = 3.6 + 2.2 * Hash.Unit(seed, 40 + shelf, i);
                pen.Oval(Material.Bread.In(layer, (Hash.Unit(seed, 50 + shelf, i) - 0.5) * 0.5), 26 + i * 13.4, y - size * 0.7, size * 1.25, size);
            }
        }
        foreach (double x in (ReadOnlySpan<double>)[16, 78, 140])
            Box(Material.Door, x, 260, 3.5, 66, 0.2);
        Box(Material.Door, 16, 322, 128, 4, 0.2);
        for (int i = 0; i < 12; i++)   // striped awning
        {
            Material cloth = i % 2 == 0 ? Material.Awning : Material.AwningLight;
            pen.Fill(cloth.In(layer), (14 + i * 11, 256), (25 + i * 11, 256), (24 + i * 11.6, 270), (12.4 + i * 11.6, 270));
        }
        Box(Material.Door, 154, 258, 44, GroundY - 258);
        Box(Material.GlassLit, 161, 266, 30, 40, -0.35);
        Box(Material.Door, 162.5, 276, 27, 12);
        pen.Text(Material.SignLetter.In(layer, -0.3), "OPEN", 176, 282, 6.4, 0.9);
        pen.Disc(Material.Pipe.In(layer), 192, 312, 1.8);
    }

    private void PaintHotel()
    {
        Box(Material.Plaster, AlleyRight, North, East - AlleyRight, GroundY - North);
        for (int i = 0; i < 3000; i++)   // weathered plaster
        {
            double x = AlleyRight + Hash.Unit(seed, 70, i) * (East - AlleyRight), y = North + Hash.Unit(seed, 71, i) * (GroundY - North);
            Box(Material.Plaster, x, y, Math.Min(14, East - x) * (0.3 + Hash.Unit(seed, 72, i)), 2, (Hash.Unit(seed, 73, i) - 0.5) * 0.22);
        }
        foreach (double y in (ReadOnlySpan<double>)[-158, -62, 34, 130, 226])
        {
            Box(Material.PlasterEdge, AlleyRight, y + 3, East - AlleyRight, 2, -0.2);
            Box(Material.PlasterEdge, AlleyRight, y, East - AlleyRight, 3, 0.3);
        }
        for (int floor = -2; floor < 2; floor++)
        {
            for (int column = 0; column < 11; column++)
            {
                double x = 384 + column * 76, y = 54 + floor * 96;
                Box(Material.PlasterEdge, x - 4, y - 4, 52, 66);
                Window(x, y, 44, 58, LitGlass(floor + 20, column), panes: 3);
                Box(Material.PlasterEdge, x - 6, y + 60, 56, 4, 0.35);
            }
        }
        Box(Material.Stone, AlleyRight, 244, East - AlleyRight, GroundY - 244, -0.42);
        for (double x = AlleyRight; x < East; x += 38)
            Box(Material.PlasterEdge, x, 244, 1.2, GroundY - 244, -0.5);
        Box(Material.PlasterEdge, AlleyRight, 290, East - AlleyRight, 1.2, -0.5);
        PaintShutter(500);
        PaintShutter(720);
        Box(Material.NeonBoard, 342, 58, 25, 152);
        for (int i = 0; i < 5; i++)
            pen.Text(Material.Neon.In(layer), "HOTEL"[i].ToString(), 354.5, 78 + i * 28, 18, 2.4);
    }

    private void PaintShutter(double x)
    {
        Box(Material.PlasterEdge, x - 5, 256, 130, GroundY - 256, 0.2);
        Box(Material.Shutter, x, 262, 120, GroundY - 262);
        for (double y = 268; y < GroundY; y += 6)
            Box(Material.ShutterGap, x, y, 120, 1.4);
    }

    private void PaintGround()
    {
        Box(Material.Sidewalk, West, GroundY, East - West, CurbY - GroundY);
        double[] rows = [GroundY, 346, 357, CurbY];
        for (int row = 1; row < rows.Length; row++)
        {
            Box(Material.Joint, West, rows[row - 1], East - West, 1);
            for (int i = -24; i < 26; i++)   // slabs fan out from the middle
            {
                double at = i * 34 + (row & 1) * 17, fan = 1 + (rows[row] - GroundY) / 260, fanBefore = 1 + (rows[row - 1] - GroundY) / 260;
                Box(Material.Sidewalk, 320 + at * fanBefore + 1, rows[row - 1] + 1, 33, rows[row] - rows[row - 1] - 1, (Hash.Unit(seed, 90 + row, i) - 0.5) * 0.14);
                pen.Line(Material.Joint.In(layer), 320 + at * fanBefore, rows[row - 1], 320 + at * fan, rows[row], 0.9);
            }
        }
        Box(Material.Curb, West, CurbY, East - West, RoadY - CurbY);
        Box(Material.Curb, West, CurbY + 4, East - West, RoadY - CurbY - 4, -0.45);
        Box(Material.Road, West, RoadY, East - West, South - RoadY);
        foreach (double y in (ReadOnlySpan<double>)[396, 412, 452, 472])
            Box(Material.RoadTrack, West, y, East - West, 7);
        for (int i = 0; i < 5000; i++)   // grains of the asphalt
        {
            double x = West + Hash.Unit(seed, 60, i) * (East - West), y = RoadY + Hash.Unit(seed, 61, i) * 110;
            Box(Material.Road, x, y, 2.2, 1.1, (Hash.Unit(seed, 62, i) - 0.4) * 0.5);
        }
        for (double x = West; x < East; x += 104)
            pen.Fill(Material.Lane.In(layer), (x, 431), (x + 58, 431), (x + 56, 437), (x - 2, 437));
    }

    private void PaintLamp()
    {
        pen.Line(Material.Pole.In(layer), LampX + 44, 350, LampX + 44, 118, 4);
        pen.Line(Material.Pole.In(layer), LampX + 44, 118, LampX + 34, 100, 3.2);
        pen.Line(Material.Pole.In(layer), LampX + 34, 100, LampX + 6, 98, 3.2);
        pen.Fill(Material.Pole.In(layer), (LampX + 39, 352), (LampX + 41, 322), (LampX + 47, 322), (LampX + 49, 352));
        pen.Fill(Material.LampHead.In(layer), (LampX - 17, 108), (LampX - 10, 98), (LampX + 10, 96), (LampX + 17, 106));
        pen.Oval(Material.LampGlass.In(layer), LampX, 109, 15, 4.4);
    }

    private void Window(double x, double y, double width, double height, Material glass, int panes)
    {
        Box(Material.Frame, x, y, width, height);
        Box(glass, x + 2, y + 2, width - 4, height - 4);
        if (glass == Material.GlassLit || glass == Material.GlassDim)
        {
            double drawn = width * (0.12 + 0.14 * Hash.Unit(seed, (int)x, (int)y));
            Box(Material.Curtain, x + 2, y + 2, drawn, height - 4, glass == Material.GlassDim ? -0.4 : 0);
            Box(Material.Curtain, x + width - 2 - drawn, y + 2, drawn, height - 4, glass == Material.GlassDim ? -0.4 : 0);
        }
        for (int i = 1; i < panes; i++)
            Box(Material.Frame, x + width * i / panes - 0.9, y, 1.8, height, -0.2);
        Box(Material.Frame, x, y + height * 0.36, width, 1.8, -0.2);
    }

    private Material LitGlass(int floor, int column) => (Hash.Of(seed, 100 + floor, column) % 8) switch
    {
        0 or 1 => Material.GlassLit,
        2 => Material.GlassDim,
        3 => Material.GlassBlue,
        _ => Material.GlassDark,
    };
}
