using EmmaStream.Core.Frames;
using OpenCvSharp;

namespace EmmaStream.Imaging.Color;

/// <summary>
/// The full-range luma of colour stills as the published fusion code reads it: 0.114 B + 0.587 G + 0.299 R in float, rounded half to even.
/// Converting in 8 bits differs by a level for 22111 of all colours, so this goes through OpenCV's float conversion, in bands that keep the
/// float copy small.
/// </summary>
public static class LumaConversion
{
    private const int BandRows = 64;

    /// <summary>The luma of <paramref name="bgr"/> as a gray8 full-range frame with the same stamp, which the caller owns.</summary>
    /// <exception cref="ArgumentException"><paramref name="bgr"/> is not bgr24.</exception>
    public static Frame ToGray(Frame bgr, FramePool pool)
    {
        if (bgr.Format.Pixels != PixelFormat.Bgr24)
            throw new ArgumentException($"{bgr.Format.Pixels} is not bgr24", nameof(bgr));
        Frame gray = pool.Rent(new FrameFormat(PixelFormat.Gray8, bgr.Size), bgr.Stamp);
        try
        {
            using Mat from = FrameMats.View(bgr);
            using Mat to = FrameMats.WritableView(gray);
            using Mat color = new();
            using Mat luma = new();
            int rows = bgr.Size.Height;
            for (int y = 0; y < rows; y += BandRows)
            {
                int end = Math.Min(y + BandRows, rows);
                using Mat band = from.RowRange(y, end);
                using Mat result = to.RowRange(y, end);
                band.ConvertTo(color, MatType.CV_32FC3);
                Cv2.CvtColor(color, luma, ColorConversionCodes.BGR2GRAY);
                luma.ConvertTo(result, MatType.CV_8UC1);
            }
            return gray;
        }
        catch
        {
            gray.Dispose();
            throw;
        }
    }
}
