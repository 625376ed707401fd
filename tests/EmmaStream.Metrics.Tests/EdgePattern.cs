using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Tests;

/// <summary>The six formula-made edge cases of the goldens, 64 wide and 48 high.</summary>
internal static class EdgePattern
{
    private const int Width = 64, Height = 48;

    public static PlaneTrio Make(string name) => name switch
    {
        "all_constant" => Trio((_, _) => 75, (_, _) => 100, (_, _) => 50),
        "all_equal_constant" => Trio((_, _) => 90, (_, _) => 90, (_, _) => 90),
        "ir_constant" => Trio((x, y) => (P(x, y) + 100) / 2, (_, _) => 100, P),
        "all_identical" => Trio(P, P, P),
        "pattern" => Trio((x, y) => Math.Max(P(x, y), Q(x, y)), P, Q),
        "inverted" => Trio((x, y) => 255 - P(x, y), P, Q),
        _ => throw new ArgumentException(name),
    };

    private static int P(int x, int y) => (7 * x + 13 * y + x * y % 31) % 256;

    private static int Q(int x, int y) => (x * x + 3 * y) % 256;

    private static PlaneTrio Trio(Func<int, int, int> fused, Func<int, int, int> infrared, Func<int, int, int> visible) =>
        new(Plane(fused), Plane(infrared), Plane(visible));

    private static GrayPlane Plane(Func<int, int, int> level)
    {
        GrayPlane plane = new(Width, Height);
        for (int i = 0; i < plane.Area; i++)
            plane.WritableSamples[i] = (byte)level(i % Width, i / Width);
        return plane;
    }
}
