using EmmaStream.Core.Faults;

namespace EmmaStream.Media.Sources;

/// <summary>
/// Pairs the pictures of two cameras by name. Layouts: two folders with equal names, the extension may differ, sub-folders included
/// (ir/SEQ/0001.png and vi/SEQ/0001.png); one folder that holds ir/ and vi/; one folder, or two, with suffixes (0001_IR, 0001_EO or _VI or _VIS).
/// </summary>
public static class PairedFolders
{
    private static readonly string[] InfraredSuffixes = ["_IR"], VisibleSuffixes = ["_EO", "_VIS", "_VI"];
    private static readonly string[] InfraredFolders = ["ir", "infrared"], VisibleFolders = ["vi", "vis", "visible"];

    /// <summary>Lists the two folders, which may be the same, and pairs what is in them.</summary>
    /// <exception cref="Fault">A folder cannot be read, holds no picture, or no name of one side has a partner on the other.</exception>
    public static PairedImages Match(string infraredFolder, string visibleFolder)
    {
        PairedImages found = Find(infraredFolder, visibleFolder);
        if (found.Pairs.Count > 0)
            return found;
        if (new[] { infraredFolder, visibleFolder }.FirstOrDefault(f => PictureFiles.In(f, SearchOption.AllDirectories).Count == 0) is { } empty)
            throw PictureFiles.NoneIn(empty);
        if (AreSame(infraredFolder, visibleFolder))
            throw Fault.Input($"{infraredFolder}: holds no pair ({found.InfraredAlone.Count} infrared, {found.VisibleAlone.Count} visible pictures). It needs ir/ and vi/ in it, or names that end with _IR and with _VI, _VIS or _EO");
        throw Fault.Input($"{infraredFolder} and {visibleFolder}: no name on one side has a partner on the other ({found.InfraredAlone.Count} infrared, " +
            $"{found.VisibleAlone.Count} visible pictures). Give equal names in two folders, or names that end with _IR and with _VI, _VIS or _EO");
    }

    /// <summary>Lists a folder of fused pictures with the names by which they belong to pairs: their path within it, without extension.</summary>
    /// <exception cref="Fault">The folder cannot be read, or holds no picture.</exception>
    public static IReadOnlyList<NamedImage> Results(string folder)
    {
        List<string> files = PictureFiles.In(folder, SearchOption.AllDirectories);
        return files.Count > 0 ? files.ConvertAll(f => new NamedImage(KeyOf(folder, f, []), f)) : throw PictureFiles.NoneIn(folder);
    }

    /// <summary>A result's name without the suffix of the picture that it was named after, infrared or visible; unchanged where it has none.</summary>
    public static string WithoutSuffix(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Cut(name, [.. InfraredSuffixes, .. VisibleSuffixes]);
    }

    /// <summary>Pairs the files of two folders by their path within the folder, without extension and without a camera's suffix. Case does not count.</summary>
    /// <param name="infraredFolder">Folder of the infrared files.</param>
    /// <param name="infraredFiles">Paths under it.</param>
    /// <param name="visibleFolder">Folder of the visible files.</param>
    /// <param name="visibleFiles">Paths under it.</param>
    public static PairedImages Match(
        string infraredFolder, IReadOnlyList<string> infraredFiles, string visibleFolder, IReadOnlyList<string> visibleFiles)
    {
        Dictionary<string, string> waiting = new(StringComparer.OrdinalIgnoreCase);
        List<NamedImage> infraredAlone = [];
        foreach (string file in infraredFiles)
        {
            string key = KeyOf(infraredFolder, file, InfraredSuffixes);
            if (!waiting.TryAdd(key, file))
                infraredAlone.Add(new(key, file));
        }
        List<ImagePair> pairs = [];
        List<NamedImage> visibleAlone = [];
        foreach (string file in visibleFiles)
        {
            string key = KeyOf(visibleFolder, file, VisibleSuffixes);
            if (waiting.Remove(key, out string? partner))
                pairs.Add(new ImagePair(key, partner, file));
            else
                visibleAlone.Add(new(key, file));
        }
        infraredAlone.AddRange(waiting.Select(w => new NamedImage(w.Key, w.Value)));
        pairs.Sort((a, b) => NameOrder.Instance.Compare(a.Name, b.Name));
        infraredAlone.Sort((a, b) => NameOrder.Instance.Compare(a.Path, b.Path));
        return new PairedImages(pairs, infraredAlone, visibleAlone);
    }

    private static PairedImages Find(string infraredFolder, string visibleFolder)
    {
        if (!AreSame(infraredFolder, visibleFolder))
            return Match(infraredFolder, PictureFiles.In(infraredFolder, SearchOption.AllDirectories), visibleFolder, PictureFiles.In(visibleFolder, SearchOption.AllDirectories));
        if (Inside(infraredFolder, InfraredFolders) is { } ir && Inside(visibleFolder, VisibleFolders) is { } vi)
            return Match(ir, PictureFiles.In(ir, SearchOption.AllDirectories), vi, PictureFiles.In(vi, SearchOption.AllDirectories));
        return MatchBySuffix(infraredFolder, PictureFiles.In(infraredFolder, SearchOption.AllDirectories));
    }

    private static bool AreSame(string a, string b) => Path.GetFullPath(a).TrimEnd('/') == Path.GetFullPath(b).TrimEnd('/');

    private static PairedImages MatchBySuffix(string folder, List<string> files)
    {
        List<string> infrared = files.FindAll(f => HasSuffix(f, InfraredSuffixes));
        List<string> visible = files.FindAll(f => HasSuffix(f, VisibleSuffixes));
        return Match(folder, infrared, folder, visible);
    }

    private static string? Inside(string folder, string[] names)
    {
        return PictureFiles.FoldersIn(folder).Find(d => names.Contains(Path.GetFileName(d), StringComparer.OrdinalIgnoreCase));
    }

    private static bool HasSuffix(string file, string[] suffixes) =>
        suffixes.Any(s => Path.GetFileNameWithoutExtension(file).EndsWith(s, StringComparison.OrdinalIgnoreCase));

    private static string KeyOf(string folder, string file, string[] suffixes) => Cut(Path.ChangeExtension(Path.GetRelativePath(folder, file), null), suffixes);

    private static string Cut(string key, string[] suffixes)
    {
        string? suffix = suffixes.FirstOrDefault(s => key.EndsWith(s, StringComparison.OrdinalIgnoreCase));
        return suffix is null ? key : key[..^suffix.Length];
    }
}

/// <summary>Two pictures of one moment.</summary>
/// <param name="Name">What they have in common: the path within their folder, without suffix and extension.</param>
/// <param name="Infrared">Path of the infrared picture.</param>
/// <param name="Visible">Path of the visible picture.</param>
public sealed record ImagePair(string Name, string Infrared, string Visible);

/// <summary>A picture with the name by which it is paired.</summary>
/// <param name="Name">The path within its folder, without suffix and extension.</param>
/// <param name="Path">Where it lies.</param>
public sealed record NamedImage(string Name, string Path);

/// <summary>What the matching found.</summary>
/// <param name="Pairs">The pairs, in the order of their names, numbers by value.</param>
/// <param name="InfraredAlone">Infrared pictures without partner, and second ones of a name.</param>
/// <param name="VisibleAlone">Visible pictures without partner, and second ones of a name.</param>
public sealed record PairedImages(IReadOnlyList<ImagePair> Pairs, IReadOnlyList<NamedImage> InfraredAlone, IReadOnlyList<NamedImage> VisibleAlone);
