using System.Runtime.InteropServices;

namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>
/// Owns zeroed native memory, aligned to 64 bytes. Large pieces are aligned to huge pages and ask for them: with pages of 4 KiB the address
/// translation costs about 4 % of a frame. What is carved from a piece lives as long as the piece.
/// </summary>
internal sealed unsafe partial class NativeFloats : IDisposable
{
    private const nuint HugePage = 2 << 20;
    private const int AdviseHugePages = 14;   // MADV_HUGEPAGE of Linux
    private long _carved;

    public NativeFloats(long count)
    {
        Count = count;
        nuint bytes = (nuint)Math.Max(count, 1) * sizeof(float);
        bool large = bytes >= HugePage;
        Pointer = (float*)NativeMemory.AlignedAlloc(bytes, large ? HugePage : 64);
        if (large && OperatingSystem.IsLinux())
            _ = Advise(Pointer, bytes / HugePage * HugePage, AdviseHugePages);   // a refusal changes the speed only
        NativeMemory.Clear(Pointer, bytes);
    }

    /// <summary>A copy of <paramref name="values"/>.</summary>
    public NativeFloats(ReadOnlySpan<float> values)
        : this(values.Length)
        => values.CopyTo(new Span<float>(Pointer, values.Length));

    ~NativeFloats() => Free();

    public float* Pointer { get; private set; }

    public long Count { get; }

    /// <summary>The next <paramref name="count"/> floats that nobody has, aligned to 64 bytes.</summary>
    public float* Carve(long count)
    {
        float* part = Pointer + _carved;
        _carved += Carved(count);
        if (_carved > Count)
            throw new InvalidOperationException($"{_carved} floats carved out of {Count}");
        return part;
    }

    /// <summary>What <see cref="Carve"/> takes for <paramref name="count"/> floats.</summary>
    public static long Carved(long count) => (count + 15) / 16 * 16;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
