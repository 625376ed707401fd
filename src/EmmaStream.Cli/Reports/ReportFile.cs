using EmmaStream.Core.Faults;

namespace EmmaStream.Cli.Reports;

/// <summary>Writes a report so that an older one stays whole until the new one is.</summary>
internal static class ReportFile
{
    /// <summary>Makes sure, before the work, that the report can be written.</summary>
    /// <exception cref="Fault">It cannot.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
            throw Fault.Output($"{path}: is a folder. Name a file for the report");
        Try(path, () =>
        {
            File.WriteAllText(Partial(path), "");
            File.Delete(Partial(path));
        });
    }

    /// <exception cref="Fault">It cannot be written.</exception>
    public static void Write(string path, string text) => Try(path, () =>
    {
        File.WriteAllText(Partial(path), text + "\n");
        File.Move(Partial(path), path, overwrite: true);
    });

    private static string Partial(string path) => $"{path}.partial";

    private static void Try(string path, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{path}: the report cannot be written ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}). Check the folder, its permissions and the free space");
        }
    }
}
