namespace EmmaStream.Metrics.Images;

/// <summary>
/// PSNR in dB; higher is better. The peak is the largest level of the fused picture, not 255. +Infinity when the fused picture equals both
/// sources, -Infinity when it is black and they are not.
/// </summary>
public static class PeakSignalToNoise
{
    /// <summary>10 log10(max(F)^2 / MSE).</summary>
    public static double Measure(in TrioSums sums)
    {
        double mse = MeanSquaredError.Measure(sums).Mean;
        return mse == 0 ? double.PositiveInfinity : 10 * Math.Log10((double)(sums.Peak * sums.Peak) / mse);
    }
}
