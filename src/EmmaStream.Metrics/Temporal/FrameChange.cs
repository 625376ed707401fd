using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Temporal;

/// <summary>
/// TD, XF and PUMP of one step from a frame to the next, in gray levels; lower is better. They need no motion: sums of whole numbers over the
/// pixels' changes dF, dA, dB.
/// </summary>
/// <param name="Disagreement">TD: (mean |dF - dA| + mean |dF - dB|) / 2. Not 0 even for perfect fusion of sources that differ: it compares methods.</param>
/// <param name="ExcessFlicker">XF: mean of what dF lies outside of [min(dA, dB), max(dA, dB)]: change that neither source had.</param>
/// <param name="Pumping">PUMP: |mean dF - (mean dA + mean dB) / 2|.</param>
public readonly record struct FrameChange(double Disagreement, double ExcessFlicker, double Pumping)
{
    /// <summary>Measures the step from <paramref name="previous"/> to <paramref name="current"/>.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static FrameChange Between(in PlaneTrio previous, in PlaneTrio current)
    {
        if ((previous.Width, previous.Height) != (current.Width, current.Height))
            throw new ArgumentException($"sizes differ: {previous.Fused} and {current.Fused}", nameof(current));
        ReadOnlySpan<byte> f0 = previous.Fused.Samples, a0 = previous.Infrared.Samples, b0 = previous.Visible.Samples;
        ReadOnlySpan<byte> f1 = current.Fused.Samples, a1 = current.Infrared.Samples, b1 = current.Visible.Samples;
        long disagreement = 0, excess = 0, sumF = 0, sumSources = 0;
        for (int i = 0; i < f0.Length; i++)
        {
            int f = f1[i] - f0[i], a = a1[i] - a0[i], b = b1[i] - b0[i];
            disagreement += Math.Abs(f - a) + Math.Abs(f - b);
            excess += Math.Max(f - Math.Max(a, b), 0) + Math.Max(Math.Min(a, b) - f, 0);
            sumF += f;
            sumSources += a + b;
        }
        double pixels = f0.Length;
        return new(disagreement / (2 * pixels), excess / pixels, Math.Abs(2 * sumF - sumSources) / (2 * pixels));
    }
}
