using EmmaStream.Core.Faults;
using Microsoft.Win32.SafeHandles;

namespace EmmaStream.Core.Files;

/// <summary>
/// Writes a file so that it appears under its name when it is complete, and an older one of that name is whole until then. It grows beside its
/// place under a name that nothing has. Where the name is a link, the file that it leads to is replaced and the link stays. A device or pipe
/// (/dev/stdout) is written into and stays what it is. A file that is read-only is not replaced.
/// </summary>
public static class CompleteFile
{
    /// <summary>Makes sure, before the work, that <paramref name="path"/> can be written: tries the place and leaves nothing there.</summary>
    /// <exception cref="Fault">It is a folder, or nothing can be written there.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
            throw Fault.Output($"{path}: is a folder. Name a file");
        if (FileKind.IsPlainPlace(path))
            Grow(path, _ => { }, (_, _) => { });
    }

    /// <summary>The place where the file of that name lies or will lie: links are followed, a missing one at their end too.</summary>
    /// <param name="path">The name as given.</param>
    /// <exception cref="Fault">What lies there may not be replaced: it is read-only, a pipe or a device.</exception>
    public static string PlaceOf(string path)
    {
        try
        {
            FileInfo named = new(path);
            string place = named.LinkTarget is null ? path : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            if (!FileKind.IsPlainPlace(place))
                throw Fault.Output($"{path}: is no file but a device or a pipe, and only a file can be finished there. Name a file");
            if (File.Exists(place) && File.GetAttributes(place).HasFlag(FileAttributes.ReadOnly))
                throw Fault.Output($"{path}: is read-only. Allow writing (chmod u+w) or name another file");
            return place;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, null, e);
        }
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="write">Writes what is in it; the stream can be read and sought.</param>
    /// <exception cref="Fault">It cannot be written; what was there before is untouched and nothing else is left.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (FileKind.IsPlainPlace(path))
            Grow(path, write, (growing, place) => File.Move(growing, place, overwrite: true));
        else
            WriteInto(path, write);
    }

    /// <summary>Writes a text as UTF-8, with a newline behind it.</summary>
    /// <exception cref="Fault">It cannot be written; what was there before is untouched and nothing else is left.</exception>
    public static void WriteText(string path, string text) => Write(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(text);
    });

    /// <summary>The fault for an output that could not be written, in the user's words: what grew is called by the name it would have had.</summary>
    /// <param name="path">The output's name as given.</param>
    /// <param name="growing">The full path under which it grew; null where that is not known.</param>
    /// <param name="cause">What happened.</param>
    public static Fault CannotWrite(string path, string? growing, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? "/";
        if (cause is DirectoryNotFoundException && !Directory.Exists(folder))
            return Fault.Output($"{path}: {(File.Exists(folder) ? $"{folder} is a file, no folder. Write elsewhere" : $"there is no folder {folder}. Create it first")}", cause);
        string words = cause.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        if (growing is not null)
            words = words.Replace(growing, path, StringComparison.Ordinal);
        return Fault.Output($"{path}: cannot be written ({words}). Check permissions and free space, or write elsewhere", cause);
    }

    private static void Grow(string path, Action<Stream> write, Action<string, string> finish)
    {
        string place = PlaceOf(path);
        string? growing = null;
        bool isOurs = false;
        try
        {
            growing = PartialName.Growing(place);
            using (FileStream stream = new(growing, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                isOurs = true;
                write(stream);
                // Where something older is at stake, power may fail right after the renaming.
                stream.Flush(flushToDisk: File.Exists(place));
            }
            finish(growing, place);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, growing, e);
        }
        finally
        {
            if (isOurs)
                DeleteQuietly(growing!);
        }
    }

    private static void WriteInto(string path, Action<Stream> write)
    {
        using MemoryStream content = new();
        write(content);
        try
        {
            using SafeFileHandle reader = RequireReader(path);   // until it is open a second time
            using FileStream stream = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write(content.GetBuffer().AsSpan(0, (int)content.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CannotWrite(path, null, e);
        }
    }

    // Opening a pipe waits for a reader, perhaps for ever.
    private static SafeFileHandle RequireReader(string path)
    {
        if (!FileKind.IsNamedPipe(path))
            return new SafeFileHandle(-1, ownsHandle: false);
        SafeFileHandle pipe = Libc.OpenPipe(path);
        return pipe.IsInvalid ? throw Fault.Output($"{path}: nobody reads from this pipe. Start its reader first, or name a file") : pipe;
    }

    // After a renaming there is nothing to delete.
    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to tell.
        }
    }
}
