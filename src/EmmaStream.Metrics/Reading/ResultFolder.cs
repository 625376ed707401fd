using EmmaStream.Core.Faults;
using EmmaStream.Media.Sources;
using EmmaStream.Metrics.Html;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Reading;

/// <summary>
/// One method's pictures. A picture belongs to the pair that has its name (path within the folder, without extension, whatever the case), or has
/// it but for the suffix of the source that the method named it after.
/// </summary>
internal sealed class ResultFolder
{
    private readonly Dictionary<string, List<NamedImage>> _byName, _byShortName;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<NamedImage> _images;
    private readonly string _path;

    private ResultFolder(FusedInput input, IReadOnlyList<NamedImage> images)
    {
        (Method, _path, _images) = (input.Method, input.Path, images);
        _byName = Grouped(images, i => i.Name);
        _byShortName = Grouped(images, i => PairedFolders.WithoutSuffix(i.Name));
    }

    public string Method { get; }

    /// <summary>The first name, as an example; empty where there is none.</summary>
    public string Example => _images.Count > 0 ? _images[0].Name : "";

    /// <summary>Names of pictures that nobody took.</summary>
    public IEnumerable<string> Left => _images.Where(i => !_taken.Contains(i.Path)).Select(i => i.Name);

    /// <summary>Lists a folder.</summary>
    /// <exception cref="Fault">It cannot be read, or holds no picture.</exception>
    public static ResultFolder Open(FusedInput input) => new(input, [.. PairedFolders.Results(input.Path).Where(i => !ReportFolder.HoldsFile(input.Path, i.Path))]);

    /// <summary>Whether it has a picture of that name.</summary>
    public bool Has(string name) => Find(name).Count > 0;

    /// <summary>The picture of that name; null where there is none, or several, which is added to <paramref name="skipped"/>.</summary>
    public string? Take(string name, List<SkippedItem> skipped)
    {
        List<NamedImage> found = Find(name);
        _taken.UnionWith(found.Select(f => f.Path));
        if (found.Count > 1)
        {
            string files = string.Join(", ", found.Select(f => Path.GetRelativePath(_path, f.Path)).Order(StringComparer.Ordinal));
            skipped.Add(new(name, Method, $"{_path}: {files} have one name. Keep one of them") { NamesFile = true });
        }
        return found.Count == 1 ? found[0].Path : null;
    }

    private List<NamedImage> Find(string name) =>
        _byName.TryGetValue(name, out List<NamedImage>? exact) ? exact : _byShortName.TryGetValue(name, out List<NamedImage>? suffixed) ? suffixed : [];

    private static Dictionary<string, List<NamedImage>> Grouped(IReadOnlyList<NamedImage> images, Func<NamedImage, string> name) =>
        images.GroupBy(name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.OrdinalIgnoreCase);
}
