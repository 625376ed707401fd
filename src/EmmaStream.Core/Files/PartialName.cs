using System.Text;

namespace EmmaStream.Core.Files;

/// <summary>Names of what is not complete: NAME.partial-XXXXXXXX.EXT while it grows, NAME.partial.EXT where it is kept. Always beside NAME.EXT, and never longer than a name may be.</summary>
public static class PartialName
{
    /// <summary>Longest name of a file, in bytes of UTF-8, on Linux's file systems.</summary>
    public const int LongestName = 255;

    private const int LongestExtension = 32;

    /// <summary>A name by chance for what grows into <paramref name="path"/>: full path.</summary>
    /// <param name="path">Where the result will lie.</param>
    /// <param name="isFolder">Whether it is a folder: its name has no extension then.</param>
    /// <exception cref="PathTooLongException">The result's own name is longer than a name may be.</exception>
    public static string Growing(string path, bool isFolder = false)
    {
        int bytes = Encoding.UTF8.GetByteCount(Path.GetFileName(Normal(path)));
        return bytes <= LongestName
            ? Marked(path, $".partial-{Guid.NewGuid().ToString("N")[..8]}", isFolder)
            : throw new PathTooLongException($"the name is {bytes} bytes long, and {LongestName} are possible");
    }

    /// <summary>A name that nothing has for what is kept of <paramref name="path"/>: NAME.partial.EXT, then NAME.partial-2.EXT. In the folder as given.</summary>
    /// <param name="path">Where the result would have lain.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public static string Kept(string path, bool isFolder = false)
    {
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) ?? "";
        for (int i = 1; ; i++)
        {
            string name = Path.Combine(folder, Path.GetFileName(Marked(path, i == 1 ? ".partial" : $".partial-{i}", isFolder)));
            if (!Path.Exists(name))
                return name;
        }
    }

    private static string Marked(string path, string mark, bool isFolder)
    {
        string full = Normal(path), name = Path.GetFileName(full), extension = isFolder ? "" : Path.GetExtension(name);
        if (extension.Length > LongestExtension)
            extension = "";
        string stem = name[..^extension.Length];
        int room = LongestName - Encoding.UTF8.GetByteCount(mark + extension);
        while (Encoding.UTF8.GetByteCount(stem) > room)
            stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        return Path.Combine(Path.GetDirectoryName(full) ?? "/", $"{stem}{mark}{extension}");
    }

    private static string Normal(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
