using OpenCvSharp;
using OpenCvSharp.Internal;

namespace EmmaStream.Registration.Warping;

/// <summary>
/// OpenCV's resize and remap over views that are made once. <see cref="Cv2"/> disposes the output argument of every call, so that each costs about 130
/// bytes of managed memory; this calls the same native functions with an argument that stays.
/// </summary>
internal static class PlaneCalls
{
    /// <summary>Resizes a plane to the size of <paramref name="to"/>.</summary>
    /// <exception cref="OpenCVException">OpenCV refuses it.</exception>
    public static void Resize(InputArray from, OutputArray to, Size size, InterpolationFlags interpolation)
    {
        NativeMethods.HandleException(NativeMethods.imgproc_resize(from.CvPtr, to.CvPtr, size, 0, 0, (int)interpolation));
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    /// <summary>Takes each sample of <paramref name="to"/> from where the maps say, linearly; outside the border goes on.</summary>
    /// <exception cref="OpenCVException">OpenCV refuses it.</exception>
    public static void Remap(InputArray from, OutputArray to, InputArray positions, InputArray weights)
    {
        NativeMethods.HandleException(NativeMethods.imgproc_remap(
            from.CvPtr, to.CvPtr, positions.CvPtr, weights.CvPtr, (int)InterpolationFlags.Linear, (int)BorderTypes.Replicate, default));
        GC.KeepAlive(from);
        GC.KeepAlive(to);
        GC.KeepAlive(positions);
        GC.KeepAlive(weights);
    }
}
