using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Media.TestPattern.Street;
using OpenCvSharp;

namespace EmmaStream.Media.TestPattern;

/// <summary>
/// Paints what the infrared camera sees: a canvas in visible geometry, of about the infrared's resolution and as far as its view reaches, then warped
/// by the homography: infrared pixel p shows the street at visible pixel H p. Warping is fixed-point, so the bytes are the same everywhere.
/// </summary>
internal sealed class InfraredView : IDisposable
{
    private readonly TestPatternOptions _options;
    private readonly Mat _backdrop;
    private readonly Mat _canvas;
    private readonly Mat _warped = new();
    private readonly Mat _map = new();
    private readonly Mat _weights = new();
    private readonly Pen _pen;
    private readonly Grain _grain;

    internal InfraredView(TestPatternOptions options)
    {
        _options = options;
        FrameSize size = options.InfraredSize;
        Rect2d reach = Reach(options.InfraredToVisible, size);
        // Visible pixels per canvas pixel, so that the warp neither enlarges nor shrinks much.
        double step = Math.Max(1, Math.Sqrt(reach.Width * reach.Height / size.Area));
        int width = (int)Math.Ceiling(reach.Width / step), height = (int)Math.Ceiling(reach.Height / step);
        _backdrop = new Mat(height, width, MatType.CV_8UC1);
        _canvas = new Mat(height, width, MatType.CV_8UC1);
        (double scale, double left) = StreetView.Of(options.VisibleSize);
        Pen backdrop = new(_backdrop, scale / step, left + (reach.X + 0.5) / scale, (reach.Y + 0.5) / scale);
        Backdrop.PaintInfrared(backdrop, options.Seed);
        _pen = new Pen(_canvas, backdrop.Scale, backdrop.Left, backdrop.Top);
        BuildMap(options.InfraredToVisible, size, reach, step);
        _grain = new Grain(options.Seed + 1, options.Noise * (options.Infrared16Bit ? 16 : 1));
        Format = new(options.Infrared16Bit ? PixelFormat.Gray16 : PixelFormat.Gray8, size);
    }

    /// <summary>gray8 or gray16, full range.</summary>
    internal FrameFormat Format { get; }

    /// <summary>The 16-bit sample of an 8-bit level, as a thermal camera counts.</summary>
    internal static ushort Counts(int level) => (ushort)(29_000 + 16 * level);

    /// <summary>Paints frame <paramref name="number"/>, taken at <paramref name="seconds"/> of the visible's time, into a frame of <see cref="Format"/>.</summary>
    internal void Paint(Frame frame, long number, double seconds)
    {
        StreetMoment moment = StreetMoment.At(seconds);
        _backdrop.CopyTo(_canvas);
        Walker.Draw(_pen, moment.Hidden, WalkerCoat.Warm);
        Walker.Draw(_pen, moment.Seen, WalkerCoat.Warm);
        Car.DrawInfrared(_pen, moment.CarX);
        Cv2.GaussianBlur(_canvas, _canvas, new Size(3, 3), 0);   // thermal lenses are soft; 1, 2, 1 in whole numbers
        if (_options.Infrared16Bit)
        {
            Cv2.Remap(_canvas, _warped, _map, _weights, InterpolationFlags.Linear, BorderTypes.Replicate);
            using Mat counts = FrameMats.WritableView(frame);
            _warped.ConvertTo(counts, MatType.CV_16UC1, 16, 29_000);
        }
        else
        {
            using Mat gray = FrameMats.WritableView(frame);
            Cv2.Remap(_canvas, gray, _map, _weights, InterpolationFlags.Linear, BorderTypes.Replicate);
        }
        AddGrain(frame.WritablePlane(0), number);
        if (_options.Counter)
            FrameCounter.Burn(frame, CounterCorner.LowerLeft, number);
    }

    public void Dispose()
    {
        _backdrop.Dispose();
        _canvas.Dispose();
        _warped.Dispose();
        _map.Dispose();
        _weights.Dispose();
    }

    private void AddGrain(WritablePlane plane, long number)
    {
        for (int y = 0; y < plane.Rows && !_grain.Silent; y++)
        {
            if (_options.Infrared16Bit)
                _grain.AddTo(plane.Row<ushort>(y), number, y);
            else
                _grain.AddTo(plane.Row<byte>(y), number, y, 0, 255);
        }
    }

    /// <summary>The rectangle of visible pixels, edges included, that holds all the infrared sees.</summary>
    private static Rect2d Reach(IReadOnlyList<double> h, FrameSize size)
    {
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        foreach ((double x, double y) in new[] { (-0.5, -0.5), (size.Width - 0.5, -0.5), (-0.5, size.Height - 0.5), (size.Width - 0.5, size.Height - 0.5) })
        {
            (double vx, double vy) = Map(h, x, y);
            (left, top, right, bottom) = (Math.Min(left, vx), Math.Min(top, vy), Math.Max(right, vx), Math.Max(bottom, vy));
        }
        return new(left, top, right - left, bottom - top);
    }

    private unsafe void BuildMap(IReadOnlyList<double> h, FrameSize size, Rect2d reach, double step)
    {
        using Mat xs = new(size.Height, size.Width, MatType.CV_32FC1), ys = new(size.Height, size.Width, MatType.CV_32FC1);
        for (int y = 0; y < size.Height; y++)
        {
            float* toX = (float*)xs.Ptr(y), toY = (float*)ys.Ptr(y);
            for (int x = 0; x < size.Width; x++)
            {
                (double vx, double vy) = Map(h, x, y);
                toX[x] = (float)((vx - reach.X) / step - 0.5);
                toY[x] = (float)((vy - reach.Y) / step - 0.5);
            }
        }
        Cv2.ConvertMaps(xs, ys, _map, _weights, MatType.CV_16SC2, false);
    }

    private static (double X, double Y) Map(IReadOnlyList<double> h, double x, double y)
    {
        double w = h[6] * x + h[7] * y + h[8];
        return ((h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w);
    }
}
