using EmmaStream.Metrics.Planes;
using OpenCvSharp;

namespace EmmaStream.Metrics.Tests.RoadScene;

/// <summary>The three fusions whose figures over RoadScene's 50 test pairs are known, on 8-bit planes.</summary>
internal static class SimpleFusion
{
    private const int DetailLevels = 3;

    public static GrayPlane Mean(GrayPlane infrared, GrayPlane visible) => TestPlanes.Mean(infrared, visible);

    public static GrayPlane Max(GrayPlane infrared, GrayPlane visible) => TestPlanes.Max(infrared, visible);

    /// <summary>The detail of larger magnitude at three levels, infrared at ties, over the mean of the bases.</summary>
    public static GrayPlane Laplacian(GrayPlane infrared, GrayPlane visible)
    {
        List<Mat> a = Pyramid(infrared), b = Pyramid(visible);
        Mat result = new();
        Cv2.AddWeighted(a[^1], 0.5, b[^1], 0.5, 0, result);
        for (int level = DetailLevels - 1; level >= 0; level--)
        {
            using Mat smaller = result;
            using Mat detail = Larger(a[level], b[level]);
            result = new Mat();
            Cv2.PyrUp(smaller, result, detail.Size());
            Cv2.Add(result, detail, result);
        }
        GrayPlane fused = new(infrared.Width, infrared.Height);
        using Mat bytes = new();
        result.ConvertTo(bytes, MatType.CV_8UC1);
        bytes.AsSpan<byte>().CopyTo(fused.WritableSamples);
        foreach (Mat mat in a.Concat(b).Append(result))
            mat.Dispose();
        return fused;
    }

    // Details from fine to coarse, then the base.
    private static List<Mat> Pyramid(GrayPlane plane)
    {
        using Mat bytes = new(plane.Height, plane.Width, MatType.CV_8UC1);
        plane.Samples.CopyTo(bytes.AsSpan<byte>());
        Mat current = new();
        bytes.ConvertTo(current, MatType.CV_32FC1);
        List<Mat> levels = [];
        for (int level = 0; level < DetailLevels; level++)
        {
            Mat smaller = new();
            Cv2.PyrDown(current, smaller);
            using Mat back = new();
            Cv2.PyrUp(smaller, back, current.Size());
            Cv2.Subtract(current, back, current);
            levels.Add(current);
            current = smaller;
        }
        levels.Add(current);
        return levels;
    }

    private static Mat Larger(Mat a, Mat b)
    {
        Mat result = b.Clone();
        using Mat magnitudeA = Cv2.Abs(a).ToMat();
        using Mat magnitudeB = Cv2.Abs(b).ToMat();
        using Mat mask = new();
        Cv2.Compare(magnitudeA, magnitudeB, mask, CmpTypes.GE);
        a.CopyTo(result, mask);
        return result;
    }
}
