using EmmaStream.Fusion.Network;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EmmaStream.Torch.Network;

/// <summary>Steps that the merged network repeats; they keep the memory layout of what they take.</summary>
internal static class MergedSteps
{
    /// <summary>3x3, reflect padding 1.</summary>
    public static Tensor Reflect3x3(Tensor x, Tensor weight, Tensor? bias = null, long stride = 1)
    {
        using Tensor padded = functional.pad(x, [1, 1, 1, 1], PaddingModes.Reflect);
        return functional.conv2d(padded, weight, bias, strides: [stride, stride]);
    }

    /// <summary>3x3, zero padding 1.</summary>
    public static Tensor Zero3x3(Tensor x, Tensor weight) => functional.conv2d(x, weight, padding: [1, 1]);

    /// <summary>
    /// (x - mean) / sqrt(variance + 1e-5) over the channels of each pixel, in float32. Centred first: E[x^2] - mean^2 would cancel. Means over
    /// 8 to 32 neighbouring values are products with 1/d here, which are twice as fast as sums.
    /// </summary>
    public static Tensor Normal(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = MemoryLayout.Rows(x).to(ScalarType.Float32);
        Tensor meanOf = ones([x.shape[1], 1], device: x.device).TimesInPlace(1.0 / x.shape[1]);
        Tensor centred = rows - matmul(rows, meanOf);
        Tensor variance = matmul(centred * centred, meanOf);
        Tensor normal = centred.mul_(variance.PlusInPlace(UFuserSchema.NormEpsilon).rsqrt_());
        return MemoryLayout.FromRows(normal, x).MoveToOuterDisposeScope();
    }

    /// <summary>summand + first · second, matrix by matrix. TorchSharp 0.107 takes them in this order, unlike PyTorch.</summary>
    public static Tensor AddProduct(Tensor summand, Tensor first, Tensor second) => first.baddbmm(second, summand);
}
