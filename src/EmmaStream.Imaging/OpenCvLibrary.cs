using EmmaStream.Core.Faults;
using OpenCvSharp;

namespace EmmaStream.Imaging;

/// <summary>OpenCV's native library on this machine.</summary>
public static class OpenCvLibrary
{
    /// <summary>Its version, like "4.13.0".</summary>
    /// <exception cref="Fault">It cannot be loaded.</exception>
    public static string Version()
    {
        try
        {
            return Cv2.GetVersionString() ?? "unknown version";
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or OpenCvSharpException)
        {
            throw Fault.Environment("OpenCV's library cannot be loaded. Install what it needs with: apt-get install libgtk-3-0", e);
        }
    }
}
