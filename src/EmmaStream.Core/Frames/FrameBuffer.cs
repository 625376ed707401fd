using System.Runtime.InteropServices;

namespace EmmaStream.Core.Frames;

/// <summary>Native memory of one picture with its count of owners. Only <see cref="Frame"/> and <see cref="FramePool"/> see it.</summary>
internal sealed unsafe class FrameBuffer(FramePool pool, int capacity)
{
    private int _owners;

    /// <summary>First byte, 64-byte aligned.</summary>
    internal byte* Data { get; private set; } = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, 64);

    internal int Capacity { get; } = capacity;

    internal int Owners => Volatile.Read(ref _owners);

    // Owned by the pool, under its lock.
    internal FrameBuffer? Previous;
    internal FrameBuffer? Next;
    internal FrameStamp Stamp;

    internal void FirstOwner() => _owners = 1;

    internal void AddOwner() => Interlocked.Increment(ref _owners);

    internal void RemoveOwner()
    {
        if (Interlocked.Decrement(ref _owners) == 0)
            pool.Return(this);
    }

    internal void Free()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
    }
}
