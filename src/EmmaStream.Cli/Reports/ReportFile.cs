using EmmaStream.Core.Faults;

namespace EmmaStream.Cli.Reports;

/// <summary>Writes a report so that an older one stays whole until the new one is.</summary>
internal static class ReportFile
{
    /// <exception cref="Fault">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        string partial = $"{path}.partial";
        try
        {
            File.WriteAllText(partial, text + "\n");
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{path}: the report cannot be written: {e.Message}");
        }
    }
}
