using System.Runtime.InteropServices;

namespace EmmaStream.Media.Ffmpeg;

/// <summary>The calls of the C library that .NET has no name for.</summary>
internal static partial class Libc
{
    private const int SetPipeSize = 1031;   // F_SETPIPE_SZ, fcntl(2)

    /// <summary>Asks for a pipe of <paramref name="bytes"/> bytes. Without it a pipe holds 64 KiB; 1 MiB is what an unprivileged user may have.</summary>
    /// <returns>Whether the kernel granted it.</returns>
    public static bool TrySetPipeSize(SafeHandle pipe, int bytes) => fcntl(pipe, SetPipeSize, bytes) >= bytes;

    /// <summary>Sets a variable that native libraries see; .NET's own environment is a copy that they do not.</summary>
    public static void SetEnvironment(string name, string value) => _ = setenv(name, value, 1);

    /// <summary>Whether this process may execute the file (access(2) with X_OK).</summary>
    public static bool IsExecutable(string path) => access(path, 1) == 0;

    /// <summary>The process group of a process (getpgid(2)); 0 means this process; -1 when there is none.</summary>
    public static int ProcessGroupOf(int process) => getpgid(process);

    [LibraryImport("libc")]
    private static partial int getpgid(int process);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeHandle handle, int command, int argument);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
