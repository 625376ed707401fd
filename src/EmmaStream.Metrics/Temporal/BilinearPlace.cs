using System.Runtime.CompilerServices;

namespace EmmaStream.Metrics.Temporal;

/// <summary>A place between pixels, clamped into the picture, and its weights: bilinear sampling in double.</summary>
internal readonly struct BilinearPlace
{
    private readonly int _topLeft, _topRight, _bottomLeft, _bottomRight;
    private readonly double _across, _down;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BilinearPlace(double x, double y, int width, int height)
    {
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        int left = (int)x, top = (int)y;
        int right = Math.Min(left + 1, width - 1), bottom = Math.Min(top + 1, height - 1);
        (_across, _down) = (x - left, y - top);
        (_topLeft, _topRight, _bottomLeft, _bottomRight) = (top * width + left, top * width + right, bottom * width + left, bottom * width + right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Of(ReadOnlySpan<byte> plane) => Blend(plane[_topLeft], plane[_topRight], plane[_bottomLeft], plane[_bottomRight]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Of(ReadOnlySpan<double> plane) => Blend(plane[_topLeft], plane[_topRight], plane[_bottomLeft], plane[_bottomRight]);

    private double Blend(double topLeft, double topRight, double bottomLeft, double bottomRight)
    {
        double top = topLeft * (1 - _across) + topRight * _across;
        double bottom = bottomLeft * (1 - _across) + bottomRight * _across;
        return top * (1 - _down) + bottom * _down;
    }
}
