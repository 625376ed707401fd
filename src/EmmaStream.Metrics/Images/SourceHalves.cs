namespace EmmaStream.Metrics.Images;

/// <summary>A two-source metric before its halves are joined.</summary>
/// <param name="Infrared">Fused picture against infrared.</param>
/// <param name="Visible">Fused picture against visible.</param>
public readonly record struct SourceHalves(double Infrared, double Visible)
{
    /// <summary>Both added: MI, SCD, VIF, SSIM.</summary>
    public double Sum => Infrared + Visible;

    /// <summary>Their mean: MSE, CC.</summary>
    public double Mean => (Infrared + Visible) / 2;
}
