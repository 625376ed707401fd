namespace EmmaStream.Core.Files;

/// <summary>
/// Which file or folder a path means, however it is written: links in it are followed, hard links are one file. What does not exist yet is told
/// by the folder that it would be in and its name.
/// </summary>
public readonly record struct FileIdentity
{
    private readonly ulong _device, _inode;
    private readonly string _missing;

    private FileIdentity(ulong device, ulong inode, string missing) => (_device, _inode, _missing) = (device, inode, missing);

    /// <summary>The identity of what <paramref name="path"/> means now; two of the same file are equal.</summary>
    /// <param name="path">Not empty; may be relative.</param>
    public static FileIdentity Of(string path)
    {
        string existing = Normal(path), missing = "";
        while (true)
        {
            if (Libc.Status(existing) is { } found)
                return new(found.Device, found.Inode, missing);
            if (Path.GetDirectoryName(existing) is not { } folder)
                return new(0, 0, Normal(path));
            missing = Path.Combine(Path.GetFileName(existing), missing);
            existing = folder;
        }
    }

    /// <summary>Whether <paramref name="path"/> lies in <paramref name="folder"/>, at any depth, whether or not either exists. No folder lies in itself.</summary>
    public static bool IsWithin(string path, string folder) => Real(path).StartsWith(Real(folder).TrimEnd('/') + "/", StringComparison.Ordinal);

    // Without links as far as it exists.
    private static string Real(string path)
    {
        string existing = Normal(path), missing = "";
        while (true)
        {
            if (Libc.RealPath(existing) is { } real)
                return Path.TrimEndingDirectorySeparator(Path.Combine(real, missing));
            if (Path.GetDirectoryName(existing) is not { } folder)
                return Normal(path);
            missing = Path.Combine(Path.GetFileName(existing), missing);
            existing = folder;
        }
    }

    private static string Normal(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
