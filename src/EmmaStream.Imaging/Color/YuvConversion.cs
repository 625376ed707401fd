using EmmaStream.Core.Frames;
using OpenCvSharp;

namespace EmmaStream.Imaging.Color;

/// <summary>
/// Between full-range BGR and Y'CbCr planes of either range and matrix (ITU-R BT.601-7 section 2.5, BT.709-6 section 3), in fixed point with 16
/// fraction bits: the same bytes on every machine, within one level of the exact value. Each chroma sample stands for its block of 2 x 2 pixels.
/// </summary>
public static class YuvConversion
{
    private const int Bits = 16;
    private const int Half = 1 << (Bits - 1);

    /// <summary>Converts yuv420p or nv12 to BGR; each pixel takes the chroma sample of its block.</summary>
    /// <param name="frame">yuv420p or nv12, any size, range and matrix.</param>
    /// <param name="bgr">CV_8UC3 of the frame's size, full range afterwards.</param>
    /// <exception cref="ArgumentException">Another format, or a matrix of another size or type.</exception>
    public static unsafe void ToBgr(Frame frame, Mat bgr)
    {
        FrameFormat format = frame.Format;
        if (format.Pixels is not (PixelFormat.Yuv420P or PixelFormat.Nv12))
            throw new ArgumentException($"{format.Pixels} is not yuv420p or nv12", nameof(frame));
        ThrowUnless(bgr, format.Size, nameof(bgr));
        (double kr, double kb) = Weights(format.Matrix);
        bool limited = format.Range == ColorRange.Limited;
        double chromaScale = limited ? 255.0 / 224 : 1;
        int yScale = Fixed(limited ? 255.0 / 219 : 1), yZero = limited ? 16 : 0;
        int redCr = Fixed(2 * (1 - kr) * chromaScale), blueCb = Fixed(2 * (1 - kb) * chromaScale);
        int greenCr = Fixed(2 * (1 - kr) * kr / (1 - kr - kb) * chromaScale), greenCb = Fixed(2 * (1 - kb) * kb / (1 - kr - kb) * chromaScale);
        bool interleaved = format.Pixels == PixelFormat.Nv12;
        int step = interleaved ? 2 : 1;
        for (int y = 0; y < format.Size.Height; y++)
        {
            ReadOnlySpan<byte> luma = frame.Plane(0).Row<byte>(y);
            ReadOnlySpan<byte> u = frame.Plane(1).Row<byte>(y / 2);
            ReadOnlySpan<byte> v = interleaved ? u[1..] : frame.Plane(2).Row<byte>(y / 2);
            byte* to = (byte*)bgr.Ptr(y);
            for (int x = 0; x < luma.Length; x++, to += 3)
            {
                int c = (luma[x] - yZero) * yScale + Half, cb = u[x / 2 * step] - 128, cr = v[x / 2 * step] - 128;
                to[0] = Level(c + blueCb * cb);
                to[1] = Level(c - greenCb * cb - greenCr * cr);
                to[2] = Level(c + redCr * cr);
            }
        }
    }

    /// <summary>Converts BGR to yuv420p; each chroma sample is the mean of its block of up to 2 x 2 pixels.</summary>
    /// <param name="bgr">CV_8UC3, full range.</param>
    /// <param name="frame">yuv420p of the same size; its own range and matrix tell the result's.</param>
    /// <exception cref="ArgumentException">Another format, or a matrix of another size or type.</exception>
    /// <exception cref="InvalidOperationException">The frame has more than one owner.</exception>
    public static unsafe void FromBgr(Mat bgr, Frame frame)
    {
        FrameFormat format = frame.Format;
        if (format.Pixels != PixelFormat.Yuv420P)
            throw new ArgumentException($"{format.Pixels} is not yuv420p", nameof(frame));
        ThrowUnless(bgr, format.Size, nameof(bgr));
        (double kr, double kb) = Weights(format.Matrix);
        bool limited = format.Range == ColorRange.Limited;
        double yScale = limited ? 219.0 / 255 : 1, cScale = limited ? 224.0 / 255 : 1;
        int yr = Fixed(kr * yScale), yb = Fixed(kb * yScale), yg = Fixed(yScale) - yr - yb;
        int uScale = Fixed(cScale / (2 * (1 - kb))), vScale = Fixed(cScale / (2 * (1 - kr)));
        int fr = Fixed(kr), fb = Fixed(kb), fg = (1 << Bits) - fr - fb;
        int zero = ((limited ? 16 : 0) << Bits) + Half;
        int width = format.Size.Width, height = format.Size.Height;
        for (int y = 0; y < height; y++)
        {
            byte* from = (byte*)bgr.Ptr(y);
            Span<byte> luma = frame.WritablePlane(0).Row<byte>(y);
            for (int x = 0; x < width; x++, from += 3)
                luma[x] = (byte)((yb * from[0] + yg * from[1] + yr * from[2] + zero) >> Bits);
        }
        for (int y = 0; y < height; y += 2)
        {
            byte* top = (byte*)bgr.Ptr(y);
            byte* below = y + 1 < height ? (byte*)bgr.Ptr(y + 1) : top;
            Span<byte> u = frame.WritablePlane(1).Row<byte>(y / 2), v = frame.WritablePlane(2).Row<byte>(y / 2);
            for (int x = 0; x < width; x += 2)
            {
                int at = x * 3, next = x + 1 < width ? at + 3 : at;
                int b = top[at] + top[next] + below[at] + below[next];   // four samples: sums of 0..1020
                int g = top[at + 1] + top[next + 1] + below[at + 1] + below[next + 1];
                int r = top[at + 2] + top[next + 2] + below[at + 2] + below[next + 2];
                long luma = (long)fb * b + (long)fg * g + (long)fr * r;
                u[x / 2] = Chroma(((long)b << Bits) - luma, uScale);
                v[x / 2] = Chroma(((long)r << Bits) - luma, vScale);
            }
        }
    }

    /// <summary>(Kr, Kb): the shares of red and blue in luma.</summary>
    internal static (double Red, double Blue) Weights(ColorMatrix matrix) => matrix == ColorMatrix.Bt709 ? (0.2126, 0.0722) : (0.299, 0.114);

    private static int Fixed(double value) => (int)Math.Round(value * (1 << Bits));

    private static byte Level(int scaled) => (byte)Math.Clamp(scaled >> Bits, 0, 255);

    /// <summary>128 + difference x scale; the difference is a sum of four samples with 16 fraction bits, so 34 bits go.</summary>
    private static byte Chroma(long difference, int scale) =>
        (byte)Math.Clamp(128 + ((difference * scale + (1L << (2 * Bits + 1))) >> (2 * Bits + 2)), 0, 255);

    private static void ThrowUnless(Mat bgr, FrameSize size, string name)
    {
        if (bgr.Type() != MatType.CV_8UC3 || bgr.Width != size.Width || bgr.Height != size.Height)
            throw new ArgumentException($"the matrix is {bgr.Width}x{bgr.Height} {bgr.Type()}, the frame needs {size} CV_8UC3", name);
    }
}
