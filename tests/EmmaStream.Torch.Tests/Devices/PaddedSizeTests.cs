using EmmaStream.Fusion;
using EmmaStream.Torch.Devices;

namespace EmmaStream.Torch.Tests.Devices;

public class PaddedSizeTests
{
    [Theory]
    [InlineData(640, 480, 640, 480)]
    [InlineData(17, 16, 24, 16)]
    [InlineData(9, 9, 16, 16)]
    [InlineData(310, 250, 312, 256)]
    [InlineData(1920, 1080, 1920, 1080)]
    [InlineData(1918, 1081, 1920, 1088)]
    public void Is_the_next_multiple_of_8_and_at_least_16(int width, int height, int paddedWidth, int paddedHeight) =>
        Assert.Equal(new PaddedSize(paddedWidth, paddedHeight), PaddedSize.Of(width, height));

    [Fact]
    public void Reflects_without_repeating_the_edge_and_crops_back()
    {
        using LumaBuffer source = new(), back = new();
        LumaPlane picture = source.Plane(11, 10);
        for (int y = 0; y < 10; y++)
        {
            for (int x = 0; x < 11; x++)
                picture.Row(y)[x] = 100 * y + x;
        }
        PaddedSize size = PaddedSize.Of(11, 10);
        float[] padded = new float[size.Samples];
        size.Fill(picture, padded);
        Assert.Equal([10f, 9, 8, 7, 6, 5], padded.AsSpan(10, 6));
        Assert.Equal([900f, 800, 700, 600, 500, 400, 300], Enumerable.Range(9, 7).Select(y => padded[y * 16]));

        LumaPlane cropped = back.Plane(11, 10);
        size.Crop(padded, cropped);
        for (int y = 0; y < 10; y++)
            Assert.Equal(picture.Row(y), cropped.Row(y));
    }
}
