using EmmaStream.Core.Faults;
using EmmaStream.Imaging;

namespace EmmaStream.Metrics.Reading;

/// <summary>The pictures of one folder by file name stem; a single picture counts as a folder of one.</summary>
internal sealed class PictureFolder
{
    private readonly Dictionary<string, List<string>> _files = new(StringComparer.Ordinal);

    private PictureFolder(string label, string path)
    {
        (Label, FullName) = (label, path);
    }

    /// <summary>"infrared", "visible", or a method's name.</summary>
    public string Label { get; }

    public string FullName { get; }

    public IEnumerable<string> Stems => _files.Keys;

    /// <summary>Whether <paramref name="path"/> is a picture's name.</summary>
    public static bool IsPicture(string path) => StillImage.Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Lists a folder's pictures; other files and hidden ones are not looked at.</summary>
    /// <exception cref="Fault">There is no such folder, or no picture in it.</exception>
    public static PictureFolder Open(string label, string path)
    {
        PictureFolder folder = new(label, path);
        if (!Directory.Exists(path))
            throw Fault.Input($"{path}: no such folder (the {label} pictures). Check the path");
        try
        {
            foreach (string file in Directory.EnumerateFiles(path).Where(f => IsPicture(f) && !Path.GetFileName(f).StartsWith('.')))
                folder.Add(Path.GetFileNameWithoutExtension(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Input($"{path}: cannot be listed: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Check its permissions", e);
        }
        return folder._files.Count > 0
            ? folder
            : throw Fault.Input($"{path}: no picture in it (the {label} pictures). Give a folder with {string.Join(' ', StillImage.Extensions)} files");
    }

    /// <summary>One picture under a name chosen by the caller.</summary>
    /// <exception cref="Fault">There is no such file.</exception>
    public static PictureFolder OfFile(string label, string path, string stem)
    {
        if (!File.Exists(path))
            throw Fault.Input($"{path}: no such file (the {label} picture). Check the path");
        PictureFolder folder = new(label, path);
        folder.Add(stem, path);
        return folder;
    }

    /// <summary>Files of that stem; more than one where only the extension differs.</summary>
    public IReadOnlyList<string> Find(string stem) => _files.TryGetValue(stem, out List<string>? files) ? files : [];

    private void Add(string stem, string file)
    {
        if (!_files.TryGetValue(stem, out List<string>? files))
            _files.Add(stem, files = []);
        files.Add(file);
    }
}
