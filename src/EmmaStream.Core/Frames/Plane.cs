using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EmmaStream.Core.Frames;

/// <summary>A read-only view of one component's samples inside a frame. It is valid while an owner of that frame lives.</summary>
public readonly unsafe struct Plane
{
    private readonly byte* _data;

    internal Plane(byte* data, int strideBytes, int rows)
    {
        _data = data;
        StrideBytes = strideBytes;
        Rows = rows;
    }

    /// <summary>Bytes from row to row; rows have no padding, so this is also the bytes of a row.</summary>
    public int StrideBytes { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Address of the first sample, for views of other libraries (a Mat, a tensor).</summary>
    public nint Address => (nint)_data;

    /// <summary>All rows as one block.</summary>
    public ReadOnlySpan<byte> Bytes => new(_data, StrideBytes * Rows);

    /// <summary>All samples as one block of <typeparamref name="T"/>.</summary>
    public ReadOnlySpan<T> Samples<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>Row <paramref name="y"/> as samples of <typeparamref name="T"/>.</summary>
    public ReadOnlySpan<T> Row<T>(int y) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Rows, nameof(y));
        return new(_data + (nint)y * StrideBytes, StrideBytes / Unsafe.SizeOf<T>());
    }
}

/// <summary>A writable view of one component's samples, for the frame's single owner before it is shared.</summary>
public readonly unsafe struct WritablePlane
{
    private readonly byte* _data;

    internal WritablePlane(byte* data, int strideBytes, int rows)
    {
        _data = data;
        StrideBytes = strideBytes;
        Rows = rows;
    }

    /// <summary>Bytes from row to row; also the bytes of a row.</summary>
    public int StrideBytes { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Address of the first sample.</summary>
    public nint Address => (nint)_data;

    /// <summary>All rows as one block.</summary>
    public Span<byte> Bytes => new(_data, StrideBytes * Rows);

    /// <summary>All samples as one block of <typeparamref name="T"/>.</summary>
    public Span<T> Samples<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>Row <paramref name="y"/> as samples of <typeparamref name="T"/>.</summary>
    public Span<T> Row<T>(int y) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Rows, nameof(y));
        return new(_data + (nint)y * StrideBytes, StrideBytes / Unsafe.SizeOf<T>());
    }
}
