using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Metrics.Planes;
using OpenCvSharp;

namespace EmmaStream.Training.Trials;

/// <summary>A pair and its fused picture side by side, to look at.</summary>
internal static class TrialPicture
{
    /// <exception cref="Fault">It cannot be written.</exception>
    public static void Write(string path, PlaneTrio trio)
    {
        using Mat infrared = View(trio.Infrared), visible = View(trio.Visible), fused = View(trio.Fused), row = new();
        Cv2.HConcat([infrared, visible, fused], row);
        CompleteFile.Write(path, stream => stream.Write(row.ImEncode(".png")));
    }

    private static Mat View(GrayPlane plane) => Mat.FromPixelData(plane.Height, plane.Width, MatType.CV_8UC1, plane.Samples.ToArray());
}
