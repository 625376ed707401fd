using EmmaStream.Metrics.Planes;

namespace EmmaStream.Metrics.Images;

/// <summary>
/// All image metrics of one trio in one call, sharing sums and planes. Values equal the published CDDFuse evaluator's on double planes
/// (docs/METRICS.md). Runs on the caller's thread; the workspace belongs to that thread meanwhile.
/// </summary>
public static class ImageMetrics
{
    /// <summary>Measures EN SD SF AG MI MSE CC PSNR SCD VIF Qabf SSIM SSIM255, and the optional ones on demand.</summary>
    /// <param name="planes">Fused, infrared, visible: whole numbers 0..255, made as docs/METRICS.md section 1 says.</param>
    /// <param name="workspace">Memory, reused from call to call.</param>
    /// <param name="linfengTang">Whether to add Nabf and the Linfeng-Tang footings.</param>
    /// <returns>The values; those that the picture is too small for are absent.</returns>
    public static Scores Measure(in PlaneTrio planes, MetricsWorkspace workspace, bool linfengTang = false)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Load(planes);
        TrioSums sums = TrioSums.Of(planes);
        Scores scores = new();
        int side = Math.Min(planes.Width, planes.Height);
        scores.Set(MetricCatalog.EN, Entropy.Measure(planes.Fused));
        scores.Set(MetricCatalog.SD, StandardDeviation.Measure(sums));
        scores.Set(MetricCatalog.SF, SpatialFrequency.Measure(planes.Fused).Value);
        scores.Set(MetricCatalog.AG, AverageGradient.Measure(workspace));
        scores.Set(MetricCatalog.MI, MutualInformation.Measure(planes, workspace).Sum);
        scores.Set(MetricCatalog.MSE, MeanSquaredError.Measure(sums).Mean);
        scores.Set(MetricCatalog.CC, Correlation.Measure(sums).Mean);
        scores.Set(MetricCatalog.PSNR, PeakSignalToNoise.Measure(sums));
        scores.Set(MetricCatalog.SCD, SumOfCorrelations.Measure(sums).Sum);
        if (side >= VisualInformationFidelity.MinimumSide)
            scores.Set(MetricCatalog.VIF, VisualInformationFidelity.Measure(workspace).Halves.Sum);
        scores.Set(MetricCatalog.Qabf, EdgeTransfer.Measure(workspace).Value);
        if (side >= StructuralSimilarity.MinimumSide)
        {
            StructuralSimilarity.Similarity similarity = StructuralSimilarity.Measure(workspace);
            scores.Set(MetricCatalog.SSIM, similarity.Range2.Sum);
            scores.Set(MetricCatalog.SSIM255, similarity.Range255.Sum);
        }
        if (linfengTang)
            LinfengTangFooting.AddTo(scores, planes, workspace);
        return scores;
    }
}
