using EmmaStream.Core.Faults;

namespace EmmaStream.Metrics.Reports;

/// <summary>Writes a report beside its final name and renames it when it is complete, so that an older one is never half replaced.</summary>
internal static class ReportFile
{
    /// <summary>Fails early where <paramref name="path"/> cannot become a file.</summary>
    /// <exception cref="Fault">It is a folder, or its folder does not exist.</exception>
    public static void Check(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw Fault.Output($"{path}: is a folder. Give a file name");
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            throw Fault.Output($"{path}: its folder does not exist. Make it first");
    }

    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.partial.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew))
                write(stream);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{path}: cannot be written: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Check the folder, its permissions and the free space", e);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }
}
