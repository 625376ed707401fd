using System.Numerics;

namespace EmmaStream.Metrics.Images;

/// <summary>Window sums of one trio, one lane a window: what VIF and SSIM are computed from. F's serve both sources.</summary>
internal ref struct WindowMoments
{
    public Vector<double> F, A, B, FF, AA, BB, AF, BF;
}
