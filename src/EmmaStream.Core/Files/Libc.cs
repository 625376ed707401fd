using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EmmaStream.Core.Files;

/// <summary>The calls of the C library that .NET has no name for.</summary>
internal static partial class Libc
{
    // statx(2): its struct is the same on every processor, unlike that of stat(2).
    private const int CurrentFolder = -100, StatxBytes = 256, ModeAt = 28, InodeAt = 32, DeviceAt = 136;
    private const uint Basics = 0x7ff;   // STATX_BASIC_STATS

    /// <summary>What the file system says of what a path leads to, links followed; null when it leads nowhere or may not be looked at.</summary>
    public static unsafe (ulong Device, ulong Inode, ushort Mode)? Status(string path)
    {
        Span<byte> status = stackalloc byte[StatxBytes];
        fixed (byte* buffer = status)
        {
            if (statx(CurrentFolder, path, 0, Basics, buffer) != 0)
                return null;
        }
        // Major and minor number of the device, then the inode; little-endian as this build is.
        return (
            BinaryPrimitives.ReadUInt64LittleEndian(status[DeviceAt..]), BinaryPrimitives.ReadUInt64LittleEndian(status[InodeAt..]),
            BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]));
    }

    /// <summary>The path without links, . and .. (realpath(3)); null when it leads nowhere.</summary>
    public static unsafe string? RealPath(string path)
    {
        byte* found = realpath(path, null);
        if (found is null)
            return null;
        string? real = Marshal.PtrToStringUTF8((nint)found);
        NativeMemory.Free(found);
        return real;
    }

    /// <summary>Opens a pipe for writing; invalid, instead of waiting, where nobody reads from it.</summary>
    public static SafeFileHandle OpenPipe(string path)
    {
        const int WriteOnly = 1, NonBlocking = 0x800, CloseOnExec = 0x80000;
        return new SafeFileHandle(open(path, WriteOnly | NonBlocking | CloseOnExec), ownsHandle: true);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* realpath(string path, byte* resolved);
}
