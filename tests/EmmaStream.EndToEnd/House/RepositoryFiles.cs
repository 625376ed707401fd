using EmmaStream.Testing;

namespace EmmaStream.EndToEnd.House;

/// <summary>The files of the checkout that people wrote; what builds and runs leave behind is not among them.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Left = ["bin", "obj", "out", ".git", ".vs", ".idea", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    /// <summary>Paths from the top folder, with /, sorted; of the given extensions.</summary>
    public static IReadOnlyList<string> In(string folder, params string[] extensions)
    {
        List<string> found = [];
        Collect(new DirectoryInfo(Repository.PathOf(folder)), extensions, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>The text of a file.</summary>
    public static string Text(string path) => File.ReadAllText(Repository.PathOf(path));

    private static void Collect(DirectoryInfo folder, string[] extensions, List<string> found)
    {
        if (!folder.Exists)
            return;
        foreach (FileInfo file in folder.EnumerateFiles().Where(f => extensions.Contains(f.Extension)))
            found.Add(Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'));
        foreach (DirectoryInfo inner in folder.EnumerateDirectories().Where(d => !Left.Contains(d.Name) && d.LinkTarget is null))
            Collect(inner, extensions, found);
    }
}
