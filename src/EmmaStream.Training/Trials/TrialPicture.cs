using EmmaStream.Core.Faults;
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
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, row.ImEncode(".png"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{path}: cannot be written ({e.Message}). Choose a folder that has room", e);
        }
    }

    private static Mat View(GrayPlane plane) => Mat.FromPixelData(plane.Height, plane.Width, MatType.CV_8UC1, plane.Samples.ToArray());
}
