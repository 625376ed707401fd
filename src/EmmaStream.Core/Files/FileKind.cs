using EmmaStream.Core.Faults;

namespace EmmaStream.Core.Files;

/// <summary>Tells plain files from folders, pipes and devices; links are followed.</summary>
public static class FileKind
{
    private const int TypeBits = 0xf000, RegularFile = 0x8000, Folder = 0x4000, Pipe = 0x1000;   // S_IFMT, S_IFREG, S_IFDIR, S_IFIFO of stat(2)

    /// <summary>Whether a device or pipe lies at <paramref name="path"/>.</summary>
    public static bool IsDeviceOrPipe(string path) => TypeOf(path) is not (null or RegularFile or Folder);

    /// <summary>Whether <paramref name="path"/> is a pipe with a name: opening it waits for the other side. Pipes of the shell (/dev/fd/63) have theirs.</summary>
    public static bool IsNamedPipe(string path) => TypeOf(path) == Pipe && !IsDescriptor(path);

    /// <summary>Refuses to read from a pipe with a name.</summary>
    /// <exception cref="Fault">It is one.</exception>
    public static void RefuseNamedPipe(string path)
    {
        if (IsNamedPipe(path))
            throw Fault.Usage($"{path}: is a pipe. Give a file");
    }

    /// <summary>Whether a file or folder lies at <paramref name="path"/>, or nothing: a place that a renaming may take.</summary>
    internal static bool IsPlainPlace(string path) => TypeOf(path) is not { } type || (type is RegularFile or Folder && !IsDescriptor(path));

    private static int? TypeOf(string path) => Libc.Status(path) is { } status ? status.Mode & TypeBits : null;

    // /dev/stdout and /dev/fd/3 lead to whatever was opened, a plain file too: the link itself must stay.
    private static bool IsDescriptor(string path)
    {
        string full = Path.GetFullPath(path);
        return (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal)) && new FileInfo(full).LinkTarget is not null;
    }
}
