using OpenCvSharp;

namespace EmmaStream.Media.TestPattern.Street;

/// <summary>What a surface of the street looks like to both cameras.</summary>
/// <param name="Albedo">BGR, the share of light it gives back, 0..255.</param>
/// <param name="Infrared">Its warmth as the infrared camera shows it, 0..255.</param>
/// <param name="Emission">BGR, light of its own, 0..255.</param>
internal readonly record struct Material((int B, int G, int R) Albedo, int Infrared, (int B, int G, int R) Emission = default)
{
    internal static readonly Material Sky = new((0, 0, 0), 24);
    internal static readonly Material Mortar = new((92, 96, 104), 79);
    internal static readonly Material Brick = new((66, 84, 150), 74);
    internal static readonly Material Stone = new((150, 158, 166), 70);
    internal static readonly Material Plaster = new((138, 142, 140), 84);
    internal static readonly Material PlasterEdge = new((96, 100, 98), 79);
    internal static readonly Material Cornice = new((128, 134, 142), 66);
    internal static readonly Material AlleySide = new((70, 78, 92), 62);
    internal static readonly Material AlleyBack = new((84, 88, 92), 57);
    internal static readonly Material AlleyFloor = new((92, 92, 92), 64);
    internal static readonly Material Bin = new((76, 104, 84), 52);
    internal static readonly Material Pipe = new((120, 124, 128), 88);
    internal static readonly Material Frame = new((168, 178, 184), 76);
    internal static readonly Material GlassDark = new((40, 34, 30), 50, (16, 12, 9));
    internal static readonly Material GlassLit = new((30, 30, 30), 92, (66, 136, 186));
    internal static readonly Material GlassDim = new((30, 30, 30), 84, (34, 76, 124));
    internal static readonly Material GlassBlue = new((30, 30, 30), 88, (112, 90, 62));
    internal static readonly Material Curtain = new((40, 40, 60), 90, (44, 96, 148));
    internal static readonly Material SignBoard = new((58, 72, 28), 82, (16, 21, 8));
    internal static readonly Material SignLetter = new((200, 220, 240), 82, (176, 226, 250));
    internal static readonly Material ShopGlass = new((30, 30, 30), 98, (58, 116, 158));
    internal static readonly Material Shelf = new((40, 60, 90), 96, (22, 46, 70));
    internal static readonly Material Bread = new((30, 60, 90), 112, (18, 62, 122));
    internal static readonly Material Door = new((52, 66, 44), 80);
    internal static readonly Material Awning = new((60, 60, 170), 72);
    internal static readonly Material AwningLight = new((190, 200, 206), 72);
    internal static readonly Material NeonBoard = new((40, 36, 40), 80, (10, 5, 14));
    internal static readonly Material Neon = new((120, 90, 220), 80, (86, 56, 250));
    internal static readonly Material Shutter = new((126, 122, 112), 68);
    internal static readonly Material ShutterGap = new((72, 70, 64), 64);
    internal static readonly Material Sidewalk = new((138, 142, 146), 92);
    internal static readonly Material Joint = new((96, 100, 104), 86);
    internal static readonly Material Curb = new((168, 172, 176), 84);
    internal static readonly Material Road = new((64, 62, 62), 100);
    internal static readonly Material RoadTrack = new((60, 58, 58), 107);
    internal static readonly Material Lane = new((206, 212, 214), 96);
    internal static readonly Material Pole = new((70, 74, 70), 60);
    internal static readonly Material LampHead = new((60, 64, 60), 150);
    internal static readonly Material LampGlass = new((200, 230, 250), 186, (206, 242, 255));

    /// <summary>The colour in one layer; <paramref name="variation"/> around 0 makes it lighter or darker by that share, and warmer by up to 14 levels per 1.</summary>
    internal Scalar In(Layer layer, double variation = 0) => layer switch
    {
        Layer.Albedo => Shaded(Albedo, variation),
        Layer.Emission => Shaded(Emission, variation),
        _ => new Scalar(Math.Clamp(Infrared + (int)Math.Round(14 * variation), 0, 255)),
    };

    private static Scalar Shaded((int B, int G, int R) color, double variation) =>
        new(Level(color.B * (1 + variation)), Level(color.G * (1 + variation)), Level(color.R * (1 + variation)));

    private static int Level(double value) => Math.Clamp((int)Math.Round(value), 0, 255);
}

/// <summary>One of the pictures from which the views are made.</summary>
internal enum Layer
{
    /// <summary>BGR: what surfaces give back.</summary>
    Albedo,

    /// <summary>BGR: what shines by itself.</summary>
    Emission,

    /// <summary>Gray: warmth.</summary>
    Infrared,
}
