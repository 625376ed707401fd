using EmmaStream.Metrics.Images;

namespace EmmaStream.Metrics;

/// <summary>All metrics in the order of tables.</summary>
public static class MetricCatalog
{
    /// <summary>Entropy.</summary>
    public static Metric EN { get; } = new("EN", "entropy of the fused picture", Better.Higher, "bit");

    /// <summary>Standard deviation.</summary>
    public static Metric SD { get; } = new("SD", "contrast of the fused picture", Better.Higher, "levels");

    /// <summary>Spatial frequency.</summary>
    public static Metric SF { get; } = new("SF", "steps between neighbouring pixels", Better.Higher, "levels");

    /// <summary>Average gradient.</summary>
    public static Metric AG { get; } = new("AG", "mean gradient", Better.Higher, "levels/px");

    /// <summary>Mutual information.</summary>
    public static Metric MI { get; } = new("MI", "information shared with the sources", Better.Higher, "nat");

    /// <summary>Mean squared error.</summary>
    public static Metric MSE { get; } = new("MSE", "squared difference to the sources", Better.Lower, "levels²", 1);

    /// <summary>Correlation coefficient.</summary>
    public static Metric CC { get; } = new("CC", "correlation with the sources", Better.Higher, "", 3);

    /// <summary>Peak signal to noise ratio.</summary>
    public static Metric PSNR { get; } = new("PSNR", "peak of the fused picture over MSE", Better.Higher, "dB");

    /// <summary>Sum of the correlations of differences.</summary>
    public static Metric SCD { get; } = new("SCD", "sum of the correlations of differences", Better.Higher, "", 3);

    /// <summary>Visual information fidelity.</summary>
    public static Metric VIF { get; } = new("VIF", "visual information kept, pixel domain", Better.Higher, "", 3, VisualInformationFidelity.MinimumSide);

    /// <summary>Edge transfer of Xydeas and Petrovic.</summary>
    public static Metric Qabf { get; } = new("Qabf", "edges kept, strength and direction", Better.Higher, "", 3);

    /// <summary>Structural similarity, data range 2.</summary>
    public static Metric SSIM { get; } = new("SSIM", "structural similarity, data range 2", Better.Higher, "", 3, StructuralSimilarity.MinimumSide);

    /// <summary>Structural similarity, data range 255.</summary>
    public static Metric SSIM255 { get; } = new("SSIM255", "structural similarity, data range 255", Better.Higher, "", 3, StructuralSimilarity.MinimumSide);

    /// <summary>Artefacts (Linfeng-Tang only, optional).</summary>
    public static Metric Nabf { get; } = new("Nabf", "artefacts: edges that no source has", Better.Lower, "", 4, ArtefactMeasure.MinimumSide);

    /// <summary>Average gradient over (H - 1)(W - 1).</summary>
    public static Metric LinfengTangAG { get; } = new("LT-AG", "mean gradient, Linfeng-Tang's divisor", Better.Higher, "levels/px", 2, 2);

    /// <summary>Mutual information in bits.</summary>
    public static Metric LinfengTangMI { get; } = new("LT-MI", "information shared, Linfeng-Tang's footing", Better.Higher, "bit");

    /// <summary>Mean squared error on 0..1.</summary>
    public static Metric LinfengTangMSE { get; } = new("LT-MSE", "squared difference on 0..1, Linfeng-Tang's footing", Better.Lower, "", 4);

    /// <summary>PSNR by Linfeng-Tang's formula.</summary>
    public static Metric LinfengTangPSNR { get; } = new("LT-PSNR", "PSNR, Linfeng-Tang's footing (48.13 dB up)", Better.Higher, "dB");

    /// <summary>Mean SSIM with a Gaussian window and data range 1.</summary>
    public static Metric LinfengTangSSIM { get; } = new("LT-SSIM", "structural similarity, Linfeng-Tang's footing", Better.Higher, "", 3);

    /// <summary>Frame-to-frame disagreement.</summary>
    public static Metric TD { get; } = new("TD", "frame-to-frame disagreement with the sources", Better.Lower, "levels", 3, Kind: MetricKind.Temporal);

    /// <summary>Excess flicker.</summary>
    public static Metric XF { get; } = new("XF", "excess flicker: change that no source has", Better.Lower, "levels", 3, Kind: MetricKind.Temporal);

    /// <summary>Brightness pumping.</summary>
    public static Metric PUMP { get; } = new("PUMP", "pumping of the whole picture's brightness", Better.Lower, "levels", 3, Kind: MetricKind.Temporal);

    /// <summary>Warping error along the visible's motion.</summary>
    public static Metric EWARP { get; } = new("EWARP", "warping error along the visible's motion", Better.Lower, "levels", 3, Temporal.GridFlow.MinimumSide, MetricKind.Temporal);

    /// <summary>Bidirectional self-warping error.</summary>
    public static Metric BiSWE { get; } = new("BiSWE-GLK", "warping error along the fused video's own motion", Better.Lower, "levels", 3, Temporal.GridFlow.MinimumSide, MetricKind.Temporal);

    /// <summary>Motion smoothness against the sources.</summary>
    public static Metric MS2R { get; } = new("MS2R-GLK", "change of motion against the sources'", Better.Lower, "px", 3, Temporal.GridFlow.MinimumSide, MetricKind.Temporal);

    /// <summary>The twelve of the published evaluator, and SSIM255.</summary>
    public static IReadOnlyList<Metric> Standard { get; } = [EN, SD, SF, AG, MI, MSE, CC, PSNR, SCD, VIF, Qabf, SSIM, SSIM255];

    /// <summary>Optional: Nabf, and the metrics that the Linfeng-Tang evaluator defines differently.</summary>
    public static IReadOnlyList<Metric> LinfengTang { get; } = [LinfengTangAG, LinfengTangMI, LinfengTangMSE, LinfengTangPSNR, LinfengTangSSIM, Nabf];

    /// <summary>Of video.</summary>
    public static IReadOnlyList<Metric> Video { get; } = [TD, XF, PUMP, EWARP, BiSWE, MS2R];

    /// <summary>Every metric.</summary>
    public static IReadOnlyList<Metric> All { get; } = [.. Standard, .. LinfengTang, .. Video];

    /// <summary>The metric of that name, whatever its case; null when there is none.</summary>
    public static Metric? Find(string name) => All.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));
}
