using System.Runtime.InteropServices;

namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>Owns zeroed, 64-byte aligned native memory.</summary>
internal sealed unsafe class NativeFloats : IDisposable
{
    public NativeFloats(long count)
    {
        Count = count;
        Pointer = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(count, 1) * sizeof(float), 64);
        NativeMemory.Clear(Pointer, (nuint)count * sizeof(float));
    }

    /// <summary>A copy of <paramref name="values"/>.</summary>
    public NativeFloats(ReadOnlySpan<float> values)
        : this(values.Length)
        => values.CopyTo(new Span<float>(Pointer, values.Length));

    ~NativeFloats() => Free();

    public float* Pointer { get; private set; }

    public long Count { get; }

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
}
