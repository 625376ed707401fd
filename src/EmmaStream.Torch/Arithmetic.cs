using TorchSharp;
using static TorchSharp.torch;

namespace EmmaStream.Torch;

/// <summary>
/// Sums whose scalar operands outlive the call. TorchSharp 0.107 makes a temporary <see cref="Scalar"/> even for tensor + tensor (the factor 1)
/// and keeps nothing alive while libtorch reads it: the collector may run its finalizer in between, and the sum is then taken with freed
/// memory. Here every scalar is held: by this class, or by who passes it.
/// </summary>
public static class Arithmetic
{
    private static readonly Scalar One = 1;

    /// <summary>a + b, element by element, with broadcasting.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a = a + b.</summary>
    /// <returns><paramref name="a"/>.</returns>
    public static Tensor PlusInPlace(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a = a + factor · b.</summary>
    /// <returns><paramref name="a"/>.</returns>
    public static Tensor PlusInPlace(this Tensor a, Tensor b, double factor)
    {
        using Scalar scalar = factor;
        return a.add_(b, scalar);
    }

    /// <summary>a + value.</summary>
    public static Tensor Plus(this Tensor a, double value)
    {
        using Scalar scalar = value;
        return a.add(scalar, One);
    }

    /// <summary>a = a + value.</summary>
    /// <returns><paramref name="a"/>.</returns>
    public static Tensor PlusInPlace(this Tensor a, double value)
    {
        using Scalar scalar = value;
        return a.add_(scalar, One);
    }

    /// <summary>a · factor.</summary>
    public static Tensor Times(this Tensor a, double factor)
    {
        using Scalar scalar = factor;
        return a.mul(scalar);
    }

    /// <summary>a = a · factor.</summary>
    /// <returns><paramref name="a"/>.</returns>
    public static Tensor TimesInPlace(this Tensor a, double factor)
    {
        using Scalar scalar = factor;
        return a.mul_(scalar);
    }
}
