using EmmaStream.Testing;
using EmmaStream.Training.Losses;
using EmmaStream.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Tests.Losses;

public class PictureTransformTests
{
    private static readonly TransformFamily[] AllFamilies = [TransformFamily.Shift, TransformFamily.Rotate, TransformFamily.Reflect];

    [Theory]
    [InlineData("rotate_10", "image")]
    [InlineData("rotate_45", "image")]
    [InlineData("rotate_90", "image")]
    [InlineData("rotate_130", "image")]
    [InlineData("rotate_180", "image")]
    [InlineData("rotate_250", "image")]
    [InlineData("rect_rotate_10", "image_rect")]
    [InlineData("rect_rotate_45", "image_rect")]
    [InlineData("rect_rotate_90", "image_rect")]
    [InlineData("rect_rotate_130", "image_rect")]
    [InlineData("rect_rotate_180", "image_rect")]
    [InlineData("rect_rotate_250", "image_rect")]
    public void Rotates_as_the_published_version_of_kornia(string golden, string image)
    {
        double degrees = double.Parse(golden.Split('_')[^1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(Difference(golden, image, new PictureTransform.Rotate(degrees)), 0, 5e-5);
    }

    [Fact]
    public void Reflects_and_shifts_exactly()
    {
        Assert.Equal(0, Difference("hflip", "image", new PictureTransform.Reflect(true, false)));
        Assert.Equal(0, Difference("vflip", "image", new PictureTransform.Reflect(false, true)));
        Assert.Equal(0, Difference("vhflip", "image", new PictureTransform.Reflect(true, true)));
        Assert.Equal(0, Difference("roll_r5_c-17", "image", new PictureTransform.Shift(5, -17)));
        Assert.Equal(0, Difference("roll_r-30_c63", "image", new PictureTransform.Shift(-30, 63)));
    }

    [Fact]
    public void The_gradient_is_kornia_s()
    {
        NpyFile expected = NpyFile.LoadAll(PublishedTraining.PathOf("transforms", "transforms.npz"))["spatial_gradient"];
        using DisposeScope scope = NewDisposeScope();
        using PictureLoss loss = new(CPU);
        Tensor actual = loss.Gradient(PublishedTraining.AsTensor(NpyFile.Load(PublishedTraining.PathOf("transforms", "image.npy"))));
        Assert.InRange(UFuserGolden.LargestDifference(expected.Values, actual.contiguous().data<float>().ToArray()), 0, 1e-6);
    }

    [Fact]
    public void The_published_draw_is_identity_and_three_of_each_family()
    {
        IReadOnlyList<PictureTransform> drawn = TransformDraw.Published(AllFamilies, 64, new Random(3));
        Assert.Equal(10, drawn.Count);
        Assert.IsType<PictureTransform.Identity>(drawn[0]);
        PictureTransform.Shift[] shifts = [.. drawn.OfType<PictureTransform.Shift>()];
        Assert.Equal(3, shifts.Select(s => s.Rows).Distinct().Count());
        Assert.All(shifts, s => Assert.True(Math.Abs(s.Rows) is >= 1 and <= 63 && Math.Abs(s.Columns) is >= 1 and <= 63));
        Assert.Equal([10, 130, 250], drawn.OfType<PictureTransform.Rotate>().Select(r => r.Degrees));
        Assert.Equal(3, drawn.OfType<PictureTransform.Reflect>().Distinct().Count());
        Assert.Equal(drawn, TransformDraw.Published(AllFamilies, 64, new Random(3)));
    }

    [Fact]
    public void A_family_left_out_is_never_drawn()
    {
        for (int seed = 0; seed < 50; seed++)
            Assert.All(TransformDraw.Some([TransformFamily.Shift, TransformFamily.Reflect], 2, 64, new Random(seed)), t => Assert.IsNotType<PictureTransform.Rotate>(t));
    }

    [Fact]
    public void What_stands_where_both_sources_are_black_is_a_loss_and_nothing_else_is()
    {
        using Tensor picture = tensor(new float[] { 0.5f, 0.25f, 0.75f, 1 }, [1, 1, 2, 2]);
        using Tensor infrared = tensor(new float[] { 0, 0, 0.1f, 1 }, [1, 1, 2, 2]), visible = tensor(new float[] { 0, 0, 0, 1 }, [1, 1, 2, 2]);
        using Tensor loss = PictureLoss.Black(picture, infrared, visible), none = PictureLoss.Black(picture, picture, visible);
        Assert.Equal(0.375f, loss.item<float>(), 1e-6f);
        Assert.Equal(0, none.item<float>());
    }

    [Fact]
    public void Stripes_of_period_two_escape_Sobel_but_not_the_steps_between_neighbours()
    {
        using DisposeScope scope = NewDisposeScope();
        using PictureLoss loss = new(CPU);
        Tensor stripes = arange(16, dtype: ScalarType.Float32).remainder(2).view(1, 1, 1, 16).expand(1, 1, 16, 16).contiguous();
        Tensor interior = loss.Gradient(stripes).narrow(3, 1, 14);
        Assert.Equal(0, interior.abs().max().item<float>());
        Assert.InRange(loss.Neighbours(stripes).item<float>(), 0.3, 1);
    }

    private static double Difference(string golden, string image, PictureTransform transform)
    {
        NpyFile expected = NpyFile.LoadAll(PublishedTraining.PathOf("transforms", "transforms.npz"))[golden];
        using DisposeScope scope = NewDisposeScope();
        Tensor actual = transform.Apply(PublishedTraining.AsTensor(NpyFile.Load(PublishedTraining.PathOf("transforms", $"{image}.npy"))));
        return UFuserGolden.LargestDifference(expected.Values, actual.contiguous().data<float>().ToArray());
    }
}
