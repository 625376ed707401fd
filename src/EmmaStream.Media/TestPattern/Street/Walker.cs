using OpenCvSharp;

namespace EmmaStream.Media.TestPattern.Street;

/// <summary>Where a walker is at a moment.</summary>
/// <param name="X">Middle of the body.</param>
/// <param name="FootY">The ground under the feet.</param>
/// <param name="Height">From feet to head, units.</param>
/// <param name="Facing">1 to the right, -1 to the left.</param>
/// <param name="Stride">Position in the step, 0 to 1: one for two steps.</param>
internal readonly record struct WalkerPose(double X, double FootY, double Height, int Facing, double Stride);

/// <summary>Colours of a walker, lit, or warmth in the infrared.</summary>
internal readonly record struct WalkerCoat(Scalar Skin, Scalar Coat, Scalar Sleeve, Scalar Trousers, Scalar Shoes, Scalar Hair)
{
    internal static readonly WalkerCoat Warm = new(new(238), new(206), new(196), new(186), new(150), new(196));

    /// <summary>A coloured coat in the given light.</summary>
    internal static WalkerCoat Lit((double B, double G, double R) light, (int B, int G, int R) coat) => new(
        In(light, (150, 178, 222)), In(light, coat), In(light, (coat.B * 4 / 5, coat.G * 4 / 5, coat.R * 4 / 5)),
        In(light, (104, 84, 70)), In(light, (50, 50, 56)), In(light, (44, 54, 70)));

    private static Scalar In((double B, double G, double R) light, (int B, int G, int R) color) =>
        new(Math.Min(255, Math.Round(color.B * light.B)), Math.Min(255, Math.Round(color.G * light.G)), Math.Min(255, Math.Round(color.R * light.R)));
}

/// <summary>Draws a person walking, seen from the side.</summary>
internal static class Walker
{
    internal static void Draw(Pen pen, WalkerPose pose, WalkerCoat coat)
    {
        double h = pose.Height, hip = pose.FootY - 0.48 * h, shoulder = pose.FootY - 0.82 * h;
        double swing = Swing(pose.Stride), bob = 0.012 * h * (1 - swing * swing);
        hip -= bob;
        shoulder -= bob;
        Arm(pen, pose, coat.Sleeve, coat.Skin, shoulder, -swing);
        Leg(pen, pose, coat, hip, -swing);
        Leg(pen, pose, coat, hip, swing);
        double x = pose.X, lean = 0.02 * h * pose.Facing;
        pen.Fill(coat.Coat,
            (x + lean - 0.105 * h, shoulder + 0.01 * h), (x + lean - 0.05 * h, shoulder - 0.035 * h), (x + lean + 0.06 * h, shoulder - 0.035 * h),
            (x + lean + 0.105 * h, shoulder + 0.02 * h), (x + 0.115 * h, hip + 0.1 * h), (x - 0.115 * h, hip + 0.1 * h));
        Arm(pen, pose, coat.Sleeve, coat.Skin, shoulder, swing);
        double headX = x + lean * 1.6, headY = shoulder - 0.105 * h;
        pen.Line(coat.Skin, x + lean, shoulder - 0.02 * h, headX, headY, 0.06 * h);
        pen.Oval(coat.Skin, headX + 0.008 * h * pose.Facing, headY, 0.055 * h, 0.072 * h);
        pen.Oval(coat.Hair, headX - 0.014 * h * pose.Facing, headY - 0.034 * h, 0.054 * h, 0.046 * h);
    }

    private static void Leg(Pen pen, WalkerPose pose, WalkerCoat coat, double hip, double swing)
    {
        double h = pose.Height, reach = 0.15 * h * swing * pose.Facing, lift = swing < 0 ? 0.05 * h * -swing : 0;
        double kneeX = pose.X + reach * 0.55 + 0.022 * h * pose.Facing, kneeY = pose.FootY - 0.25 * h - lift * 0.6;
        double ankleX = pose.X + reach * (swing < 0 ? 1.35 : 1), ankleY = pose.FootY - 0.045 * h - lift;
        pen.Line(coat.Trousers, pose.X, hip, kneeX, kneeY, 0.105 * h);
        pen.Line(coat.Trousers, kneeX, kneeY, ankleX, ankleY, 0.08 * h);
        pen.Line(coat.Shoes, ankleX, ankleY + 0.02 * h, ankleX + 0.065 * h * pose.Facing, ankleY + 0.026 * h, 0.05 * h);
    }

    private static void Arm(Pen pen, WalkerPose pose, Scalar sleeve, Scalar skin, double shoulder, double swing)
    {
        double h = pose.Height, reach = 0.13 * h * swing * pose.Facing;
        double elbowX = pose.X + reach * 0.5, elbowY = shoulder + 0.18 * h, handX = pose.X + reach + 0.03 * h * pose.Facing, handY = shoulder + 0.335 * h;
        pen.Line(sleeve, pose.X + 0.015 * h * pose.Facing, shoulder + 0.03 * h, elbowX, elbowY, 0.068 * h);
        pen.Line(sleeve, elbowX, elbowY, handX, handY, 0.058 * h);
        pen.Disc(skin, handX + 0.008 * h * pose.Facing, handY + 0.012 * h, 0.03 * h);
    }

    /// <summary>A wave of period 1 from -1 to 1 made of parabolas, near a sine.</summary>
    private static double Swing(double stride)
    {
        double phase = 2 * (stride - Math.Floor(stride)) - 1;   // -1 to 1
        return 4 * phase * (1 - Math.Abs(phase));
    }
}
