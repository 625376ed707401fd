using EmmaStream.Metrics.Planes;
using OpenCvSharp;

namespace EmmaStream.Training.Trials;

/// <summary>
/// How much of a picture alternates from pixel to pixel: the pattern in which a badly taught fuser hides its sources, and which Sobel
/// gradients cannot see. [1 -2 1]/4 along x, times (-1)^column, mean over 9x9, absolute, mean over the picture; the same along y; the mean of
/// both. Sources and clean fusions have 0.2 to 0.5 gray levels, a patterned one has several.
/// </summary>
internal static class StripeMeter
{
    /// <summary>Gray levels.</summary>
    public static double Measure(GrayPlane picture)
    {
        using Mat levels = Mat.FromPixelData(picture.Height, picture.Width, MatType.CV_8UC1, picture.Samples.ToArray());
        return (Along(levels, vertical: false) + Along(levels, vertical: true)) / 2;
    }

    private static double Along(Mat levels, bool vertical)
    {
        using Mat kernel = Mat.FromPixelData(vertical ? 3 : 1, vertical ? 1 : 3, MatType.CV_32FC1, new float[] { 0.25f, -0.5f, 0.25f });
        using Mat second = new(), alternating = new(), mean = new(), size = new();
        Cv2.Filter2D(levels, second, MatType.CV_32FC1, kernel);
        using Mat sign = Signs(levels.Rows, levels.Cols, vertical);
        Cv2.Multiply(second, sign, alternating);
        Cv2.Blur(alternating, mean, new Size(9, 9));
        using Mat zero = new(mean.Size(), mean.Type(), Scalar.All(0));
        Cv2.Absdiff(mean, zero, size);
        return Cv2.Mean(size).Val0;
    }

    private static Mat Signs(int rows, int columns, bool vertical)
    {
        float[] signs = new float[rows * columns];
        for (int i = 0; i < signs.Length; i++)
            signs[i] = (vertical ? i / columns : i % columns) % 2 == 0 ? 1 : -1;
        return Mat.FromPixelData(rows, columns, MatType.CV_32FC1, signs).Clone();
    }
}
