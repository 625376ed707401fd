using EmmaStream.Core.Faults;

namespace EmmaStream.Fusion;

/// <summary>What every fuser asks of its jobs.</summary>
public static class FusionJobs
{
    /// <summary>Refuses a job whose three pictures differ in size or are too small.</summary>
    /// <param name="job">The job.</param>
    /// <param name="fuser">Name of the fuser, for the message.</param>
    /// <param name="smallestSide">Smallest width and height that it takes.</param>
    /// <exception cref="Fault">The job does not fit.</exception>
    public static void Check(in FusionJob job, string fuser, int smallestSide)
    {
        (LumaPlane ir, LumaPlane vi, LumaPlane fused) = (job.Infrared, job.Visible, job.Fused);
        if (ir.Width != vi.Width || ir.Height != vi.Height || ir.Width != fused.Width || ir.Height != fused.Height)
        {
            throw new Fault(FaultKind.Fusion,
                $"{fuser}: infrared {ir.Width}x{ir.Height}, visible {vi.Width}x{vi.Height} and fused {fused.Width}x{fused.Height} differ in size. Bring them to one size first");
        }
        if (Math.Min(ir.Width, ir.Height) < smallestSide)
            throw new Fault(FaultKind.Fusion, $"{fuser}: {ir.Width}x{ir.Height} is too small. The smallest side is {smallestSide}");
    }
}
