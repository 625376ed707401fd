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

    private static readonly string[] Folders = ["images", "plots"];

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
        ReportFolder folder;
        try
        {
            folder = new(path);
        }
        catch (IOException e)
        {
            throw CannotWrite(path, e.Message, e);
        }
        folder.Check();
        folder.Try(() =>
        {
            foreach (string inside in Folders)
                Directory.CreateDirectory(folder[inside]);
        });
        return folder;
    }

    /// <summary>Writes something into it; an error calls the folder by its own name, not by the one that it has while it is made.</summary>
    /// <exception cref="Fault">It cannot be written.</exception>
    public void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Fault fault) when (fault.Message.Contains(_staging, StringComparison.Ordinal))
        {
            throw Fault.Output(Named(fault.Message), fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(_given, Named(e.Message), e);
        }
    }

    /// <summary>Takes the final place.</summary>
    /// <exception cref="Fault">It cannot be taken.</exception>
    public void Complete()
    {
        Check();
        // The marker names every file of the report: what else lies in the folder later is a user's.
        Try(() => File.WriteAllLines(this[Marker], ["A report of emmastream evaluate. A later one may replace these files:", .. FilesIn(_staging)]));
        string old = PartialName.Growing(_final, isFolder: true);
        bool replaces = Directory.Exists(_final);
        if (replaces)
            Try(() => Directory.Move(_final, old));
        try
        {
            Try(() => Directory.Move(_staging, _final));
        }
        catch (Fault) when (replaces)
        {
            Try(() => Directory.Move(old, _final));
            throw;
        }
        if (replaces)
            Remove(old);
    }

    private void Remove(string old)
    {
        try
        {
            Directory.Delete(old, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{_given}: is the new report, but the earlier one cannot be removed and lies in {Path.GetFileName(old)} beside it: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Remove it", e);
        }
    }

    /// <summary>Whether a file lies in a report of ours somewhere under a folder: its pictures are no pictures of that folder's.</summary>
    public static bool HoldsFile(string folder, string file)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        for (string? at = Path.GetDirectoryName(Path.GetFullPath(file)); at is not null && at.Length > root.Length; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, Marker)))
                return true;
        }
        return false;
    }

    /// <summary>A file or folder in the final place that the report there did not write; null: none.</summary>
    private string? Foreign()
    {
        string marker = Path.Combine(_final, Marker);
        if (!File.Exists(marker))
            return null;
        HashSet<string> ours = [.. File.ReadLines(marker), Marker];
        return FilesIn(_final).FirstOrDefault(file => !ours.Contains(file))
            ?? Directory.EnumerateDirectories(_final, "*", SearchOption.AllDirectories).Select(d => Path.GetRelativePath(_final, d)).FirstOrDefault(d => !Folders.Contains(d));
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

    private string Named(string message) => message.Replace(_staging, _given.TrimEnd('/'), StringComparison.Ordinal);

    private static Fault CannotWrite(string given, string cause, Exception e) =>
        Fault.Output($"{given}: cannot be written: {cause.ReplaceLineEndings(" ").TrimEnd('.')}. Check the folder, its permissions and the free space", e);
}
