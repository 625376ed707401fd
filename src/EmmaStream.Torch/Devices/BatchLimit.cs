using System.Runtime.InteropServices;

namespace EmmaStream.Torch.Devices;

/// <summary>
/// How many frames go through the network at once: as many as allowed, until the device's memory does not suffice; then half as many, for
/// good. It never grows again, so that a stream does not run into the same wall every second.
/// </summary>
/// <param name="largest">The limit to begin with.</param>
public sealed class BatchLimit(int largest)
{
    /// <summary>The limit now, at least 1.</summary>
    public int Current { get; private set; } = Math.Max(1, largest);

    /// <summary>Cuts <paramref name="total"/> frames in batches and runs them in order, smaller ones where memory runs out.</summary>
    /// <param name="total">Number of frames.</param>
    /// <param name="run">Runs a batch: first frame and count. It may be called again for the same first frame.</param>
    /// <exception cref="ExternalException">Memory does not suffice for one frame, or something else failed.</exception>
    public void Run(int total, Action<int, int> run)
    {
        for (int first = 0; first < total;)
        {
            int count = Math.Min(Current, total - first);
            try
            {
                run(first, count);
                first += count;
            }
            catch (ExternalException e) when (count > 1 && IsOutOfMemory(e))
            {
                Current = count / 2;
            }
        }
    }

    /// <summary>Whether libtorch says that an allocation failed: "CUDA out of memory", "DefaultCPUAllocator: can't allocate memory".</summary>
    public static bool IsOutOfMemory(ExternalException failure) =>
        failure.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) ||
        failure.Message.Contains("can't allocate memory", StringComparison.Ordinal) ||
        failure.Message.Contains("CUBLAS_STATUS_ALLOC_FAILED", StringComparison.Ordinal);
}
