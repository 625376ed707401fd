namespace EmmaStream.Testing;

/// <summary>Real data and goldens that lie beside the checkout, at ../shared; tests that need them skip by name where they are absent.</summary>
public static class SharedData
{
    /// <summary>The folder, or null where it is absent.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The reason to print when a test skips.</summary>
    public const string Absent = "../shared is absent";

    /// <summary>Full path of a file or folder in it; null where it is absent.</summary>
    public static string? TryPath(params string[] parts)
    {
        if (Root is null)
            return null;
        string path = Path.Combine([Root, .. parts]);
        return Path.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EmmaStream.sln")))
            {
                string shared = Path.Combine(folder.FullName, "..", "shared");
                return Directory.Exists(shared) ? Path.GetFullPath(shared) : null;
            }
        }
        return null;
    }
}
