using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;

namespace EmmaStream.Metrics.Html;

/// <summary>
/// A report in the making: a folder beside its final place, which takes that place when it is complete. An earlier report of ours is replaced;
/// anything else is left alone and refused. Disposing it before <see cref="Complete"/> leaves nothing behind.
/// </summary>
internal sealed class ReportFolder : IDisposable
{
    /// <summary>The file that marks a folder as a report of ours.</summary>
    public const string Marker = ".emmastream-report";

    private readonly string _given, _final, _staging;

    private ReportFolder(string given)
    {
        _given = given;
        _final = Path.TrimEndingDirectorySeparator(Path.GetFullPath(given));
        _staging = PartialName.Growing(_final, isFolder: true);
    }

    /// <summary>Full path of a name like "images/1.png" inside.</summary>
    public string this[string name] => Path.Combine(_staging, name);

    /// <summary>Begins a report.</summary>
    /// <exception cref="Fault">The place is taken by something else, or cannot be written.</exception>
    public static ReportFolder Begin(string path)
    {
        try
        {
            ReportFolder folder = new(path);
            folder.Check();
            Directory.CreateDirectory(folder["images"]);
            Directory.CreateDirectory(folder["plots"]);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, e);
        }
    }

    /// <summary>Takes the final place.</summary>
    /// <exception cref="Fault">It cannot be taken.</exception>
    public void Complete()
    {
        Check();
        Mark();
        string old = PartialName.Growing(_final, isFolder: true);
        try
        {
            if (Directory.Exists(_final))
                Directory.Move(_final, old);
            Directory.Move(_staging, _final);
            if (Directory.Exists(old))
                Directory.Delete(old, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(old) && !Directory.Exists(_final))
                Directory.Move(old, _final);
            throw CannotWrite(_given, e);
        }
    }

    /// <summary>The marker names every file of the report: what else lies in the folder later is a user's.</summary>
    private void Mark()
    {
        try
        {
            File.WriteAllLines(this[Marker], ["A report of emmastream evaluate. A later one may replace these files:", .. FilesIn(_staging)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(_given, e);
        }
    }

    /// <summary>A file in the final place that the report there did not write; null: none.</summary>
    private string? Foreign()
    {
        string marker = Path.Combine(_final, Marker);
        if (!File.Exists(marker))
            return null;
        HashSet<string> ours = [.. File.ReadLines(marker), Marker];
        return FilesIn(_final).FirstOrDefault(file => !ours.Contains(file));
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_staging))
            Directory.Delete(_staging, recursive: true);
    }

    private void Check()
    {
        if (File.Exists(_final))
            throw Fault.Output($"{_given}: is a file. Give a folder for the HTML report");
        if (Directory.Exists(_final) && Directory.EnumerateFileSystemEntries(_final).Any() && !File.Exists(Path.Combine(_final, Marker)))
            throw Fault.Output($"{_given}: holds something else than an earlier report, and is left alone. Give another folder for the HTML report");
        if (Directory.Exists(_final) && Foreign() is { } foreign)
            throw Fault.Output($"{_given}: holds {foreign}, which no report wrote, and is left alone. Move that, or give another folder for the HTML report");
        if (!Directory.Exists(Path.GetDirectoryName(_final)))
            throw Fault.Output($"{_given}: the folder above it does not exist. Make it first");
    }

    private static Fault CannotWrite(string path, Exception e) =>
        Fault.Output($"{path}: cannot be written: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Check the folder, its permissions and the free space", e);
}
