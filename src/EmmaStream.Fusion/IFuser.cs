namespace EmmaStream.Fusion;

/// <summary>One pair to fuse: three pictures of one size. The fuser reads the sources and writes the result.</summary>
/// <param name="Infrared">Infrared luma in [0, 1].</param>
/// <param name="Visible">Visible luma in [0, 1].</param>
/// <param name="Fused">Receives the fused luma; overlaps no source.</param>
/// <param name="Scale">At which size the method runs; methods without a network ignore it.</param>
public readonly record struct FusionJob(LumaPlane Infrared, LumaPlane Visible, LumaPlane Fused, FusionScale Scale = FusionScale.Full);

/// <summary>
/// A method that makes one luma of two. Synchronous; it owns its threads and working memory and allocates nothing per call once warm
/// (tensor calls of the torch engine excepted). The result does not depend on how pairs are batched. One call at a time.
/// </summary>
public interface IFuser : IDisposable
{
    /// <summary>The method and engine, as reports print it: "laplacian", "emma (torch, cpu, 2 threads)".</summary>
    string Name { get; }

    /// <summary>Smallest width and height it takes.</summary>
    int SmallestSide { get; }

    /// <summary>Fuses every job. Sizes may differ from job to job.</summary>
    /// <exception cref="EmmaStream.Core.Faults.Fault">A size, a sample or the device makes it impossible; nothing of the call is usable.</exception>
    void Fuse(ReadOnlySpan<FusionJob> jobs);
}
