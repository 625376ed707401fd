using EmmaStream.Core.Frames;
using EmmaStream.Imaging.Color;
using EmmaStream.Media.TestPattern.Street;
using OpenCvSharp;

namespace EmmaStream.Media.TestPattern;

/// <summary>Paints what the visible camera sees. The standing street is painted once; a frame is a copy of it with what moves.</summary>
internal sealed class VisibleView : IDisposable
{
    private readonly TestPatternOptions _options;
    private readonly Mat _backdrop;
    private readonly Mat _canvas;
    private readonly Pen _pen;
    private readonly Glow _lampGlow, _tailGlow, _beam;
    private readonly Grain _grain;

    internal VisibleView(TestPatternOptions options)
    {
        _options = options;
        FrameSize size = options.VisibleSize;
        _backdrop = new Mat(size.Height, size.Width, MatType.CV_8UC3);
        _canvas = new Mat(size.Height, size.Width, MatType.CV_8UC3);
        (double scale, double left) = StreetView.Of(size);
        Backdrop.PaintVisible(new Pen(_backdrop, scale, left, 0), options.Seed);
        _pen = new Pen(_canvas, scale, left, 0);
        _lampGlow = new Glow(30 * scale, 26 * scale);
        _tailGlow = new Glow(16 * scale, 14 * scale);
        _beam = new Glow(120 * scale, 15 * scale);
        _grain = new Grain(options.Seed, options.Noise);
        Format = new(PixelFormat.Yuv420P, size, ColorRange.Limited, size.Height < 720 ? ColorMatrix.Bt601 : ColorMatrix.Bt709);
    }

    /// <summary>yuv420p of limited range, with the matrix that untagged video of this size has.</summary>
    internal FrameFormat Format { get; }

    /// <summary>Paints frame <paramref name="number"/>, taken at <paramref name="seconds"/>, into a frame of <see cref="Format"/>.</summary>
    internal void Paint(Frame frame, long number, double seconds)
    {
        StreetMoment moment = StreetMoment.At(seconds);
        _backdrop.CopyTo(_canvas);
        WalkerPose hidden = moment.Hidden, seen = moment.Seen;
        Walker.Draw(_pen, hidden, WalkerCoat.Lit(NightLight.At(hidden.X, hidden.FootY - 40), (82, 78, 74)));
        (double b, double g, double r) = NightLight.At(seen.X, seen.FootY - 60);
        _pen.Oval(new Scalar(20 + 40 * b, 18 + 40 * g, 16 + 40 * r), seen.X, seen.FootY - 1, 24, 3.4);
        Walker.Draw(_pen, seen, WalkerCoat.Lit((b * 1.05 + 0.03, g * 1.05 + 0.03, r * 1.05 + 0.03), (64, 60, 196)));
        DrawCar(moment.CarX);
        YuvConversion.FromBgr(_canvas, frame);
        if (!_grain.Silent)
        {
            WritablePlane luma = frame.WritablePlane(0);
            for (int y = 0; y < luma.Rows; y++)
                _grain.AddTo(luma.Row<byte>(y), number, y, 16, 235);
        }
        if (_options.Counter)
            FrameCounter.Burn(frame, CounterCorner.UpperRight, number);
    }

    public void Dispose()
    {
        _backdrop.Dispose();
        _canvas.Dispose();
    }

    private void DrawCar(double x)
    {
        Car.DrawVisible(_pen, x);
        int right = ToPixel(x + Car.Length - 4, _pen.Left), y = ToPixel(Car.GroundY - 28, 0);
        _beam.AddTo(_canvas, ToPixel(x + Car.Length + 112, _pen.Left), ToPixel(Car.GroundY + 3, 0), 92, 122, 132);
        _lampGlow.AddTo(_canvas, right, y, 150, 176, 190);
        _tailGlow.AddTo(_canvas, ToPixel(x + 3, _pen.Left), ToPixel(Car.GroundY - 33, 0), 20, 16, 120);
    }

    private int ToPixel(double units, double origin) => (int)Math.Round((units - origin) * _pen.Scale);
}

/// <summary>How street units lie in a visible picture.</summary>
internal static class StreetView
{
    /// <summary>Pixels per unit, and units at the left edge: 480 units fill the height, x = 320 lies in the middle.</summary>
    internal static (double Scale, double Left) Of(FrameSize visible)
    {
        double scale = visible.Height / 480.0;
        return (scale, 320 - visible.Width / (2 * scale));
    }
}
