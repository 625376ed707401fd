using EmmaStream.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Training.Losses;

/// <summary>
/// Mean absolute differences of pictures and of their gradients. All of them are linear in the difference p - t, so that is formed once. Owns
/// the filters; one for each device.
/// </summary>
internal sealed class PictureLoss : IDisposable
{
    private readonly Tensor _sobel, _steps;

    public PictureLoss(Device device)
    {
        // kornia's SpatialGradient: x first, then y, both divided by 8.
        _sobel = tensor(new float[] { -1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1 }, [2, 1, 3, 3], device: device).TimesInPlace(1 / 8.0);
        _steps = tensor(new float[] { -1, 1, 0, 0, -1, 0, 1, 0, 1, -1, -1, 1 }, [3, 1, 2, 2], device: device);
    }

    /// <summary>mean |p - t|.</summary>
    /// <param name="difference">p - t, [N, 1, H, W].</param>
    public static Tensor Levels(Tensor difference) => difference.abs().mean();

    /// <summary>mean |grad p - grad t|, both directions; the border is repeated (emma.md 3.3).</summary>
    /// <param name="difference">p - t, [N, 1, H, W].</param>
    public Tensor Sobel(Tensor difference)
    {
        using DisposeScope scope = NewDisposeScope();
        return Gradient(difference).abs().mean().MoveToOuterDisposeScope();
    }

    /// <summary>The gradient itself, [N, 2, H, W], x first.</summary>
    public Tensor Gradient(Tensor picture)
    {
        using Tensor padded = nn.functional.pad(picture, [1, 1, 1, 1], PaddingModes.Replicate);
        return nn.functional.conv2d(padded, _sobel);
    }

    /// <summary>
    /// Mean absolute step from pixel to pixel, to the right, down, and of the one in the other. Sobel skips a pixel and is blind for stripes
    /// of period 2; these are not.
    /// </summary>
    /// <param name="difference">p - t, [N, 1, H, W].</param>
    public Tensor Neighbours(Tensor difference)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.conv2d(difference, _steps).abs().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Mean absolute difference of the means of 8x8 pixels.</summary>
    /// <param name="difference">p - t, [N, 1, H, W].</param>
    public static Tensor Coarse(Tensor difference)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.avg_pool2d(difference, 8).abs().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Mean of the picture over the pixels that are 0 in both sources; 0 where there are none.</summary>
    public static Tensor Black(Tensor picture, Tensor infrared, Tensor visible)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor black = (infrared + visible).sign().neg().PlusInPlace(1);
        return ((picture * black).sum() / black.sum().PlusInPlace(1e-6)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sobel.Dispose();
        _steps.Dispose();
    }
}
