using System.Runtime.InteropServices;

namespace EmmaStream.Fusion;

/// <summary>Owns the memory of one luma picture in float: 64-byte aligned, rows without padding. It grows and never shrinks.</summary>
public sealed unsafe class LumaBuffer : IDisposable
{
    private float* _data;
    private long _capacity;

    /// <summary>A picture of the given size over this memory; samples are undefined after it grew.</summary>
    public LumaPlane Plane(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        long samples = (long)width * height;
        if (samples > _capacity)
        {
            NativeMemory.AlignedFree(_data);
            _data = null;
            _capacity = 0;
            _data = (float*)NativeMemory.AlignedAlloc((nuint)samples * sizeof(float), 64);
            _capacity = samples;
        }
        return new(_data, width, height, width);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
    }
}
