namespace EmmaStream.Configuration.Yaml;

/// <summary>Reads small files whole and never more than it was allowed.</summary>
internal static class BoundedFile
{
    /// <summary>All bytes, or null when there are more than <paramref name="maxBytes"/>.</summary>
    public static byte[]? TryRead(string path, int maxBytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[maxBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length > maxBytes ? null : bytes[..length];
    }

    /// <summary>Whether an exception says that a file cannot be read, and not that we are wrong.</summary>
    public static bool IsReadFailure(Exception e)
        => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>The cause in a few words, without the path.</summary>
    public static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "access is denied, or it is a folder",
        PathTooLongException => "its name is too long",
        IOException => "the read failed",
        _ => "its name is not valid",
    };
}
