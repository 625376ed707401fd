using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// The metrics that the Linfeng-Tang MATLAB evaluator defines differently, on its footing, so that tables made with it can be compared. Its
/// EN, SD, SF, CC, SCD, Qabf and VIF equal ours (VIF except where a source is constant: NaN there).
/// </summary>
public static class LinfengTangFooting
{
    private const int Levels = 256;

    /// <summary>AG with the divisor (H - 1)(W - 1).</summary>
    public static double AverageGradientOf(double averageGradient, int width, int height) =>
        averageGradient * ((double)width * height / ((double)(width - 1) * (height - 1)));

    /// <summary>PSNR in dB from MSE on 0..255: 20 log10(255 / sqrt(MSE / 65025)), which is 48.13 dB above the usual value.</summary>
    public static double PeakSignalToNoiseOf(double mse) => 20 * Math.Log10(255 / Math.Sqrt(mse / 65025));

    /// <summary>MI in bits; levels 254 and 255 share a bin in the joint histogram, though not in the margins.</summary>
    public static double MutualInformationOf(in PlaneTrio planes, MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return Bits(planes.Infrared.Samples, planes.Fused.Samples, workspace.JointHistogram)
            + Bits(planes.Visible.Samples, planes.Fused.Samples, workspace.JointHistogram);
    }

    internal static void AddTo(Scores scores, in PlaneTrio planes, MetricsWorkspace workspace)
    {
        double mse = scores[MetricCatalog.MSE]!.Value;
        int side = Math.Min(planes.Width, planes.Height);
        if (side >= MetricCatalog.LinfengTangAG.MinimumSide)
            scores.Set(MetricCatalog.LinfengTangAG, AverageGradientOf(scores[MetricCatalog.AG]!.Value, planes.Width, planes.Height));
        scores.Set(MetricCatalog.LinfengTangMI, MutualInformationOf(planes, workspace));
        scores.Set(MetricCatalog.LinfengTangMSE, mse / 65025);
        scores.Set(MetricCatalog.LinfengTangPSNR, PeakSignalToNoiseOf(mse));
        scores.Set(MetricCatalog.LinfengTangSSIM, GaussianSimilarity.Measure(workspace).Mean);
        if (side >= ArtefactMeasure.MinimumSide)
            scores.Set(MetricCatalog.Nabf, ArtefactMeasure.Measure(planes));
    }

    // H(source) + H(fused) - H(source, fused).
    private static double Bits(ReadOnlySpan<byte> source, ReadOnlySpan<byte> fused, int[] joint)
    {
        Span<int> marginSource = stackalloc int[Levels], marginFused = stackalloc int[Levels];
        marginSource.Clear();
        marginFused.Clear();
        joint.AsSpan().Clear();
        for (int i = 0; i < fused.Length; i++)
        {
            marginSource[source[i]]++;
            marginFused[fused[i]]++;
            joint[Math.Min(source[i] + 1, 255) * Levels + Math.Min(fused[i] + 1, 255)]++;
        }
        return Entropy(marginSource, fused.Length) + Entropy(marginFused, fused.Length) - Entropy(joint, fused.Length);
    }

    private static double Entropy(ReadOnlySpan<int> histogram, double count)
    {
        double sum = 0;
        foreach (int n in histogram)
        {
            if (n > 0)
                sum -= n / count * Math.Log2(n / count);
        }
        return sum;
    }
}
