namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>
/// erf(z) = z P(z^2) / Q(z^2) for |z| up to <see cref="Limit"/>, beyond which float32 knows only +-1. Fitted by least squares with weights
/// raised where the error is largest (an approximate minimax fit); largest error 2.2e-8 before rounding.
/// </summary>
internal static class ErrorFunction
{
    public const float Limit = 4;

    public const float P0 = 1.1283789769676413f;
    public const float P1 = 0.19624194855623905f;
    public const float P2 = 0.053466523260124035f;
    public const float P3 = 0.0040033268872543f;
    public const float P4 = 0.0002880310240154768f;
    public const float P5 = 1.9748477068363406e-6f;

    public const float Q1 = 0.5072460624509663f;
    public const float Q2 = 0.11647349168719832f;
    public const float Q3 = 0.015443801140311809f;
    public const float Q4 = 0.00121627566536784f;
    public const float Q5 = 3.748048868276834e-5f;
}
