using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Core.Frames;
using EmmaStream.Imaging;

namespace EmmaStream.Media.Sinks;

/// <summary>
/// A file or folder that is being made: it grows beside its final name under a name of its own and is renamed when its making ends, so that
/// what had that name before is whole until its successor is.
/// </summary>
internal sealed class PendingOutput
{
    private readonly string _place;   // where FinalPath leads
    private readonly bool _isFolder;
    private bool _gone;

    private PendingOutput(string path, string place, bool isFolder)
    {
        _isFolder = isFolder;
        _place = place;
        FinalPath = path;
        TemporaryPath = PartialName.Growing(place, isFolder);
    }

    /// <summary>The name that the user gave.</summary>
    public string FinalPath { get; }

    /// <summary>Where the result grows; full path.</summary>
    public string TemporaryPath { get; }

    /// <summary>Begins a file: an empty one exists afterwards under the temporary name.</summary>
    /// <exception cref="Fault">The folder is missing or cannot be written.</exception>
    public static PendingOutput File(string path)
    {
        if (Directory.Exists(path))
            throw Fault.Output($"{path}: is a folder. Name a file, or end it with / for a folder of pictures");
        PendingOutput output = At(path, CompleteFile.PlaceOf(path), isFolder: false);
        output.Try(() => new FileStream(output.TemporaryPath, FileMode.CreateNew, FileAccess.Write).Dispose());
        return output;
    }

    /// <summary>Begins a folder.</summary>
    /// <exception cref="Fault">Something with that name exists that is not an empty folder, or the folder around it is missing or cannot be written.</exception>
    public static PendingOutput Folder(string path)
    {
        path = path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";
        if (System.IO.File.Exists(path))
            throw Fault.Output($"{path}: is a file. Name a folder that does not exist");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw Fault.Output($"{path}: the folder is not empty. Name another one, or empty it");
        PendingOutput output = At(path, path, isFolder: true);
        output.Try(() => Directory.CreateDirectory(output.TemporaryPath));
        return output;
    }

    /// <summary>Gives what was made the name that <paramref name="ending"/> asks for.</summary>
    /// <returns>That name.</returns>
    /// <exception cref="Fault">It cannot be renamed; it keeps its temporary name, which the message tells.</exception>
    public string Publish(SinkEnding ending)
    {
        bool takesFinal = ending == SinkEnding.Complete || (ending == SinkEnding.Interrupted && !IsTaken(FinalPath));
        string name = takesFinal ? FinalPath : PartialName.Kept(FinalPath, _isFolder);
        _gone = true;
        try
        {
            Rename(takesFinal ? _place : name, takesFinal);
            return name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{FinalPath}: cannot take its name ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); what was written is in {TemporaryPath}. Rename that", e);
        }
    }

    /// <summary>Removes what was made, unless it was published.</summary>
    public void Discard()
    {
        if (_gone)
            return;
        _gone = true;
        try
        {
            if (_isFolder)
                Directory.Delete(TemporaryPath, recursive: true);
            else
                System.IO.File.Delete(TemporaryPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way under its own name; the run's own outcome is what counts.
        }
    }

    /// <summary>Runs a step that writes, and tells its failure as a fault of this output.</summary>
    public void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <summary>The fault for a failed step.</summary>
    public Fault Failed(Exception e) => CompleteFile.CannotWrite(FinalPath, TemporaryPath, e);

    /// <summary>A text of those who know the temporary name only, in the user's words.</summary>
    public string InUsersWords(string text) => text.Replace(TemporaryPath, FinalPath, StringComparison.Ordinal);

    /// <summary>Writes a picture under the temporary name or into the folder.</summary>
    /// <exception cref="Fault">It cannot be written.</exception>
    public void WritePicture(string path, Frame picture)
    {
        try
        {
            StillImage.Write(path, picture);
        }
        catch (Fault fault)
        {
            throw new Fault(fault.Kind, InUsersWords(fault.Message), fault);
        }
    }

    private void Rename(string name, bool overwrite)
    {
        if (!_isFolder)
        {
            System.IO.File.Move(TemporaryPath, name, overwrite);
            return;
        }
        if (Directory.Exists(name))
            Directory.Delete(name);   // empty, or this fails
        Directory.Move(TemporaryPath, name);
    }

    private bool IsTaken(string path) =>
        System.IO.File.Exists(path) || (Directory.Exists(path) && (!_isFolder || Directory.EnumerateFileSystemEntries(path).Any()));

    private static PendingOutput At(string path, string place, bool isFolder)
    {
        try
        {
            return new PendingOutput(path, place, isFolder);
        }
        catch (PathTooLongException e)
        {
            throw CompleteFile.CannotWrite(path, null, e);
        }
    }
}
