using EmmaStream.Core.Faults;

namespace EmmaStream.Fusion.Weights;

/// <summary>Writes a file beside its final name and renames it when complete, so that an older file stays whole until its successor is.</summary>
internal static class CompleteFile
{
    /// <summary>Runs <paramref name="write"/> on the new file, then puts it in place.</summary>
    /// <exception cref="Fault">The folder is absent or not writable, or the disk is full; what was there before is untouched.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        string part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (FileStream stream = new(part, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Output($"{path}: cannot be written ({e.Message}). Choose a folder that exists and has room", e);
        }
        finally
        {
            if (File.Exists(part))
                File.Delete(part);
        }
    }
}
