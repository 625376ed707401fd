using System.Numerics;
using System.Runtime.CompilerServices;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// Adds up VIF's two sums of logarithms for one reference. Factors are multiplied lane by lane and their logarithm is taken at
/// <see cref="Flush"/>, which must come before a product can overflow.
/// </summary>
internal ref struct InformationSum
{
    private const double Tiny = 1e-10;
    private Vector<double> _numerators, _denominators;

    public InformationSum()
    {
        _numerators = _denominators = Vector<double>.One;
    }

    /// <summary>Sum of log10(1 + g^2 s11 / (w + 2)).</summary>
    public double Numerator { get; private set; }

    /// <summary>Sum of log10(1 + s11 / 2).</summary>
    public double Denominator { get; private set; }

    /// <summary>Takes in one window a lane: reference mean and square, product with the distorted picture, its mean and variance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector<double> mean, Vector<double> square, Vector<double> product, Vector<double> meanDistorted, Vector<double> s22, Vector<long> mask)
    {
        Vector<double> zero = Vector<double>.Zero, tiny = new(Tiny);
        Vector<double> s11 = Vector.Max(square - mean * mean, zero);
        Vector<double> s12 = product - mean * meanDistorted;
        Vector<double> gain = s12 / (s11 + tiny);
        Vector<double> noise = s22 - gain * s12;
        // The order of these steps is part of the definition.
        Vector<long> flat = Vector.LessThan(s11, tiny);
        gain = Vector.ConditionalSelect(flat, zero, gain);
        noise = Vector.ConditionalSelect(flat, s22, noise);
        s11 = Vector.ConditionalSelect(flat, zero, s11);
        Vector<long> flatDistorted = Vector.LessThan(s22, tiny);
        gain = Vector.ConditionalSelect(flatDistorted, zero, gain);
        noise = Vector.ConditionalSelect(flatDistorted, zero, noise);
        Vector<long> inverted = Vector.LessThan(gain, zero);
        noise = Vector.ConditionalSelect(inverted, s22, noise);
        gain = Vector.ConditionalSelect(inverted, zero, gain);
        noise = Vector.ConditionalSelect(Vector.LessThanOrEqual(noise, tiny), tiny, noise);

        Vector<double> one = Vector<double>.One, two = new(2.0);
        Vector<double> numerator = one + gain * gain * s11 / (noise + two);
        Vector<double> denominator = one + s11 * 0.5;
        _numerators *= Vector.ConditionalSelect(mask, numerator, one);
        _denominators *= Vector.ConditionalSelect(mask, denominator, one);
    }

    /// <summary>Takes the logarithms of what was multiplied since the last call.</summary>
    public void Flush()
    {
        for (int i = 0; i < Vector<double>.Count; i++)
        {
            Numerator += Math.Log10(_numerators[i]);
            Denominator += Math.Log10(_denominators[i]);
        }
        _numerators = _denominators = Vector<double>.One;
    }
}
