namespace EmmaStream.Media.TestPattern.Street;

/// <summary>
/// The light that falls on a point of the street, as shares of white in B, G, R: night sky, street lamp, shop window, neon. Only +, -, x, / on doubles,
/// which every machine rounds alike.
/// </summary>
internal static class NightLight
{
    /// <summary>Light on an upright surface or person at (x, y).</summary>
    internal static (double B, double G, double R) At(double x, double y)
    {
        double lamp = 1.5 / (1 + Square((x - StreetPainter.LampX) / 92) + Square((y - StreetPainter.LampY - 14) / 118));
        double pool = y > StreetPainter.GroundY - 4 ? 0.85 / (1 + Square((x - StreetPainter.LampX) / 74) + Square((y - 352) / 30)) : 0;
        double shop = 0.62 / (1 + Square((x - 82) / 78) + Square((y - 318) / (y > StreetPainter.GroundY ? 26 : 60)));
        double sign = 0.3 / (1 + Square(Outside(x, 20, 196) / 30) + Square((y - 240) / 34));
        double neon = 0.55 / (1 + Square((x - 354) / 40) + Square(Outside(y, 76, 196) / 44));
        double shade = Shade(x, y);
        double warm = (lamp + pool) * shade;
        return (
            shade * (0.145 + 0.30 * neon) + 0.52 * warm + 0.50 * shop * shade + 0.5 * sign * shade,
            shade * (0.112 + 0.18 * neon) + 0.80 * warm + 0.78 * shop * shade + 0.7 * sign * shade,
            shade * (0.098 + 0.85 * neon) + 1.00 * warm + 1.00 * shop * shade + 0.8 * sign * shade);
    }

    /// <summary>1 in the open, 0.13 inside the alley, with a soft edge.</summary>
    private static double Shade(double x, double y)
    {
        double across = Math.Min(x - StreetPainter.AlleyLeft, StreetPainter.AlleyRight - x) / 10;
        double along = (StreetPainter.GroundY + 3 - y) / 8;
        double inside = Math.Clamp(Math.Min(across, along), 0, 1);
        return 1 - 0.87 * inside * inside * (3 - 2 * inside);
    }

    private static double Outside(double value, double low, double high) => Math.Max(0, Math.Max(low - value, value - high));

    private static double Square(double value) => value * value;
}
