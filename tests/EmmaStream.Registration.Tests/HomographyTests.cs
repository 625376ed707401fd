using EmmaStream.Core.Frames;

namespace EmmaStream.Registration.Tests;

public sealed class HomographyTests
{
    private static readonly Homography Tilted = new(1.1, -0.05, 14, 0.045, 0.95, -9, 2e-5, -3e-5, 1);

    [Fact]
    public void The_inverse_leads_back()
    {
        (double x, double y) = Tilted.Map(123.5, 77);
        (double backX, double backY) = Tilted.Inverse().Map(x, y);
        Assert.Equal(123.5, backX, 1e-9);
        Assert.Equal(77, backY, 1e-9);
        Assert.Throws<ArgumentException>(() => default(Homography).Inverse());
    }

    [Fact]
    public void A_product_does_its_right_side_first()
    {
        Homography shift = new(1, 0, 10, 0, 1, 0, 0, 0, 1), twice = new(2, 0, 0, 0, 2, 0, 0, 0, 1);
        Assert.Equal((22, 6), (twice * shift).Map(1, 3));
        (double x, double y) = shift.Map(1, 3);
        Assert.Equal(Tilted.Map(x, y).X, (Tilted * shift).Map(1, 3).X, 1e-9);
        Assert.Equal(Tilted.Map(x, y).Y, (Tilted * shift).Map(1, 3).Y, 1e-9);
    }

    [Fact]
    public void A_scale_maps_edges_onto_edges()
    {
        Homography scale = Homography.Scale(new FrameSize(1920, 1080), new FrameSize(640, 360));
        Assert.Equal(new Homography(1 / 3.0, 0, (1 / 3.0 - 1) / 2, 0, 1 / 3.0, (1 / 3.0 - 1) / 2, 0, 0, 1), scale);
        Assert.Equal((-0.5, -0.5), scale.Map(-0.5, -0.5));
        Assert.Equal(639.5, scale.Map(1919.5, 1079.5).X, 1e-9);
    }

    [Fact]
    public void Nine_numbers_and_back()
    {
        Assert.Equal(Tilted, Homography.Of(Tilted.Values));
        Assert.Throws<ArgumentException>(() => Homography.Of([1, 2, 3]));
        Assert.False((Tilted with { M31 = double.PositiveInfinity }).IsFinite);
    }
}
