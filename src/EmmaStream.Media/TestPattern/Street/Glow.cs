using OpenCvSharp;

namespace EmmaStream.Media.TestPattern.Street;

/// <summary>A round or flat shine of fixed size that is added to a BGR canvas where a lamp passes.</summary>
internal sealed class Glow
{
    private readonly byte[] _shares;   // 0..255
    private readonly int _radiusX;
    private readonly int _radiusY;

    /// <summary>Computes the shine: (1 - d^2)^2 of the distance d from the middle, 1 at the rim.</summary>
    internal Glow(double radiusX, double radiusY)
    {
        _radiusX = Math.Max(1, (int)radiusX);
        _radiusY = Math.Max(1, (int)radiusY);
        _shares = new byte[(2 * _radiusX + 1) * (2 * _radiusY + 1)];
        for (int y = -_radiusY, i = 0; y <= _radiusY; y++)
        {
            for (int x = -_radiusX; x <= _radiusX; x++, i++)
            {
                double rest = 1 - (double)x * x / (_radiusX * _radiusX) - (double)y * y / (_radiusY * _radiusY);
                _shares[i] = rest > 0 ? (byte)(255 * rest * rest) : (byte)0;
            }
        }
    }

    /// <summary>Adds the shine round pixel (<paramref name="centerX"/>, <paramref name="centerY"/>).</summary>
    internal unsafe void AddTo(Mat bgr, int centerX, int centerY, int blue, int green, int red)
    {
        int width = bgr.Width, height = bgr.Height, across = 2 * _radiusX + 1;
        int firstX = Math.Max(0, centerX - _radiusX), lastX = Math.Min(width - 1, centerX + _radiusX);
        for (int y = Math.Max(0, centerY - _radiusY); y <= Math.Min(height - 1, centerY + _radiusY); y++)
        {
            byte* row = (byte*)bgr.Ptr(y);
            int shares = (y - centerY + _radiusY) * across + _radiusX - centerX;
            for (int x = firstX; x <= lastX; x++)
            {
                int share = _shares[shares + x];
                byte* pixel = row + 3 * x;
                pixel[0] = (byte)Math.Min(255, pixel[0] + blue * share / 255);
                pixel[1] = (byte)Math.Min(255, pixel[1] + green * share / 255);
                pixel[2] = (byte)Math.Min(255, pixel[2] + red * share / 255);
            }
        }
    }
}
