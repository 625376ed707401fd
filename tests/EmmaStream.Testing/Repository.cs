namespace EmmaStream.Testing;

/// <summary>The checkout that the tests run from.</summary>
public static class Repository
{
    /// <summary>Its top folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>Full path of something in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EmmaStream.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("EmmaStream.sln is in no folder above the tests");
    }
}
