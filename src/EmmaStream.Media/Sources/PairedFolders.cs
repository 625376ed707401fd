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
    /// <exception cref="Fault">A folder cannot be read, or no name of one side has a partner on the other.</exception>
    public static PairedImages Match(string infraredFolder, string visibleFolder)
    {
        PairedImages found;
        if (Path.GetFullPath(infraredFolder).TrimEnd('/') != Path.GetFullPath(visibleFolder).TrimEnd('/'))
            found = Match(infraredFolder, PictureFiles.In(infraredFolder, SearchOption.AllDirectories), visibleFolder, PictureFiles.In(visibleFolder, SearchOption.AllDirectories));
        else if (Inside(infraredFolder, InfraredFolders) is { } ir && Inside(visibleFolder, VisibleFolders) is { } vi)
            found = Match(ir, PictureFiles.In(ir, SearchOption.AllDirectories), vi, PictureFiles.In(vi, SearchOption.AllDirectories));
        else
            found = MatchBySuffix(infraredFolder, PictureFiles.In(infraredFolder, SearchOption.AllDirectories));
        return found.Pairs.Count > 0
            ? found
            : throw Fault.Input($"{infraredFolder} and {visibleFolder}: no name on one side has a partner on the other " +
                $"({found.InfraredAlone.Count} infrared, {found.VisibleAlone.Count} visible pictures). Give equal names in two folders, or the suffixes _IR and _EO in one");
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
        List<string> infraredAlone = [];
        foreach (string file in infraredFiles)
        {
            if (!waiting.TryAdd(KeyOf(infraredFolder, file, InfraredSuffixes), file))
                infraredAlone.Add(file);
        }
        List<ImagePair> pairs = [];
        List<string> visibleAlone = [];
        foreach (string file in visibleFiles)
        {
            string key = KeyOf(visibleFolder, file, VisibleSuffixes);
            if (waiting.Remove(key, out string? partner))
                pairs.Add(new ImagePair(key, partner, file));
            else
                visibleAlone.Add(file);
        }
        infraredAlone.AddRange(waiting.Values);
        pairs.Sort((a, b) => NameOrder.Instance.Compare(a.Name, b.Name));
        infraredAlone.Sort(NameOrder.Instance);
        return new PairedImages(pairs, infraredAlone, visibleAlone);
    }

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

    private static string KeyOf(string folder, string file, string[] suffixes)
    {
        string key = Path.ChangeExtension(Path.GetRelativePath(folder, file), null);
        string? suffix = suffixes.FirstOrDefault(s => key.EndsWith(s, StringComparison.OrdinalIgnoreCase));
        return suffix is null ? key : key[..^suffix.Length];
    }
}

/// <summary>Two pictures of one moment.</summary>
/// <param name="Name">What they have in common: the path within their folder, without suffix and extension.</param>
/// <param name="Infrared">Path of the infrared picture.</param>
/// <param name="Visible">Path of the visible picture.</param>
public sealed record ImagePair(string Name, string Infrared, string Visible);

/// <summary>What the matching found.</summary>
/// <param name="Pairs">The pairs, in the order of their names, numbers by value.</param>
/// <param name="InfraredAlone">Infrared pictures without partner, and second ones of a name.</param>
/// <param name="VisibleAlone">Visible pictures without partner, and second ones of a name.</param>
public sealed record PairedImages(IReadOnlyList<ImagePair> Pairs, IReadOnlyList<string> InfraredAlone, IReadOnlyList<string> VisibleAlone);
