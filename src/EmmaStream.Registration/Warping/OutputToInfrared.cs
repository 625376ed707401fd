using EmmaStream.Core.Frames;

namespace EmmaStream.Registration.Warping;

/// <summary>Where output pixels lie in the infrared picture: the inverse of the homography, which knows its horizon.</summary>
internal sealed class OutputToInfrared
{
    private const double Far = 1e4;   // pixels outside: still fits the 16-bit positions of a remap

    private readonly Homography _inverse;
    private readonly FrameSize _infrared;
    private readonly double _side;

    internal OutputToInfrared(Homography infraredToOutput, FrameSize infrared)
    {
        _inverse = infraredToOutput.Inverse();
        _infrared = infrared;
        (double x, double y) = infraredToOutput.Map((infrared.Width - 1) / 2.0, (infrared.Height - 1) / 2.0);
        _side = Math.Sign(_inverse.Weight(x, y));   // the picture's own side of the horizon
    }

    /// <summary>The infrared position of output pixel (x, y), at most 10000 pixels outside; beyond the horizon just that far.</summary>
    internal (double X, double Y) At(double x, double y)
    {
        if (!(_inverse.Weight(x, y) * _side > 0))
            return (-Far, -Far);
        (double infraredX, double infraredY) = _inverse.Map(x, y);
        return (Math.Clamp(infraredX, -Far, _infrared.Width + Far), Math.Clamp(infraredY, -Far, _infrared.Height + Far));
    }

    /// <summary>Distance of output pixel (x, y) from the infrared picture's edge, about in output pixels; negative outside.</summary>
    internal double Inside(double x, double y)
    {
        (double infraredX, double infraredY) = At(x, y);
        double distance = Math.Min(
            Math.Min(infraredX + 0.5, _infrared.Width - 0.5 - infraredX), Math.Min(infraredY + 0.5, _infrared.Height - 0.5 - infraredY));
        // The area that an output pixel takes in the infrared: the determinant of the map's derivative.
        double w = _inverse.Weight(x, y);
        double area = Math.Abs(_inverse.Determinant / (w * w * w));
        return distance / Math.Sqrt(area);
    }
}
