using System.Runtime.Intrinsics.X86;

namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>Asks for memory before it is needed: whole feature maps of the large levels lie outside of a core's own caches.</summary>
internal static unsafe class Cache
{
    private const int Line = 16;

    /// <summary>Starts to bring <paramref name="count"/> floats to the second-level cache.</summary>
    public static void Fetch(float* from, int count)
    {
        if (!Sse.IsSupported)
            return;
        for (float* end = from + count; from < end; from += Line)
            Sse.Prefetch1(from);
    }
}
