using EmmaStream.Core.Frames;
using EmmaStream.Imaging;
using EmmaStream.Imaging.Color;
using OpenCvSharp;

namespace EmmaStream.Registration;

/// <summary>
/// The infrared position of each output pixel, computed once, with a coverage plane that tells where the infrared has a picture. Bilinear.
/// One thread at a time.
/// </summary>
public sealed class WarpMap : IDisposable
{
    // Width of the soft edge at the infrared's border, in infrared pixels.
    private const double SoftEdge = 8;

    private readonly FramePool _pool;
    private readonly FrameSize _infrared, _output;
    private readonly Mat _positions = new(), _fractions = new();

    /// <summary>Computes the map.</summary>
    /// <param name="infrared">Size of the infrared's pictures.</param>
    /// <param name="output">Size of the registered pictures.</param>
    /// <param name="outputToInfrared">Maps output pixels to infrared pixels.</param>
    /// <param name="pool">Lends the registered pictures and the coverage plane.</param>
    public WarpMap(FrameSize infrared, FrameSize output, Matrix3 outputToInfrared, FramePool pool)
    {
        (_infrared, _output, _pool) = (infrared, output, pool);
        using Mat map = new(output.Height, output.Width, MatType.CV_32FC2);
        Frame coverage = pool.Rent(new FrameFormat(PixelFormat.Gray8, output), new FrameStamp(default, 0, 0, "coverage"));
        bool covered = Fill(map, coverage, outputToInfrared);
        using Mat none = new();
        Cv2.ConvertMaps(map, none, _positions, _fractions, MatType.CV_16SC2);
        if (covered)
            coverage.Dispose();
        else
            Coverage = coverage;
    }

    /// <summary>gray8 at output size: 255 where the infrared is known, falling to 0 over its outermost pixels; null: known everywhere.</summary>
    public Frame? Coverage { get; }

    /// <summary>The registered picture of an infrared frame, at output size, which the caller owns: gray8 in the frame's own range, or gray16.</summary>
    /// <exception cref="ArgumentException">The frame has another size than the map was made for.</exception>
    public Frame Apply(Frame frame)
    {
        if (frame.Size != _infrared)
            throw new ArgumentException($"the map is for {_infrared}, the frame is {frame.Size}", nameof(frame));
        if (frame.Format.Pixels == PixelFormat.Bgr24)
        {
            using Frame gray = LumaConversion.ToGray(frame, _pool);
            return Apply(gray);
        }
        PixelFormat pixels = frame.Format.Pixels is PixelFormat.Gray16 or PixelFormat.GrayF32 ? frame.Format.Pixels : PixelFormat.Gray8;
        Frame registered = _pool.Rent(new FrameFormat(pixels, _output, frame.Format.Range, frame.Format.Matrix), frame.Stamp);
        using Mat source = FrameMats.View(frame);
        using Mat target = FrameMats.WritableView(registered);
        Cv2.Remap(source, target, _positions, _fractions, InterpolationFlags.Linear, BorderTypes.Replicate);
        return registered;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Coverage?.Dispose();
        _positions.Dispose();
        _fractions.Dispose();
    }

    // Returns whether the infrared covers every output pixel.
    private unsafe bool Fill(Mat map, Frame coverage, Matrix3 outputToInfrared)
    {
        bool covered = true;
        for (int y = 0; y < _output.Height; y++)
        {
            Span<float> positions = new((void*)map.Ptr(y), 2 * _output.Width);
            Span<byte> known = coverage.WritablePlane(0).Row<byte>(y);
            for (int x = 0; x < _output.Width; x++)
            {
                (double u, double v) = outputToInfrared.Apply(x, y);
                double inside = Math.Min(Math.Min(u, _infrared.Width - 1 - u), Math.Min(v, _infrared.Height - 1 - v));
                covered &= inside >= -0.5;
                known[x] = double.IsNaN(inside) ? (byte)0 : (byte)Math.Clamp(255 * inside / SoftEdge, 0, 255);
                // Far outside, OpenCV's 16-bit positions would wrap round.
                positions[2 * x] = Bounded(u, _infrared.Width);
                positions[2 * x + 1] = Bounded(v, _infrared.Height);
            }
        }
        return covered;
    }

    private static float Bounded(double position, int side) => double.IsNaN(position) ? -2 : (float)Math.Clamp(position, -2, side + 1);
}
