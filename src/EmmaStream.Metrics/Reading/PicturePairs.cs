using EmmaStream.Core.Faults;
using EmmaStream.Media.Sources;
using EmmaStream.Metrics.Html;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Reading;

/// <summary>Which pictures belong together: infrared and visible as <see cref="PairedFolders"/> pairs them for fusion, and each method's by the pair's name.</summary>
internal sealed class PicturePairs
{
    private readonly List<(string Name, ItemFiles Files)> _pairs = [];
    private readonly SortedDictionary<string, UnpairedName> _unpaired = new(StringComparer.Ordinal);
    private readonly List<SkippedItem> _skipped = [];

    private PicturePairs()
    {
    }

    /// <summary>Pairs that at least one method has, in the order of their names.</summary>
    public IReadOnlyList<(string Name, ItemFiles Files)> Pairs => _pairs;

    /// <summary>Names that some side lacks.</summary>
    public IReadOnlyCollection<UnpairedName> Unpaired => _unpaired.Values;

    /// <summary>Files that share a name with another.</summary>
    public IReadOnlyList<SkippedItem> Ambiguous => _skipped;

    /// <summary>Pairs what the options name.</summary>
    /// <exception cref="Fault">A folder cannot be read or is empty, or nothing pairs.</exception>
    public static PicturePairs Find(EvaluationOptions options)
    {
        PicturePairs pairs = new();
        if (InputKinds.Of(options.Infrared) == InputKind.Picture)
        {
            string name = Path.GetFileNameWithoutExtension(options.Fused[0].Path);
            pairs._pairs.Add((name, new(options.Infrared, options.Visible, [.. options.Fused.Select(f => f.Path)])));
            return pairs;
        }
        PairedImages sources = PairedFolders.Match(options.Infrared, options.Visible);
        List<ResultFolder> methods = [.. options.Fused.Select(ResultFolder.Open)];
        foreach (ImagePair pair in sources.Pairs)
            pairs.Add(pair, methods);
        pairs.AddAlone(options, sources, methods);
        if (pairs._pairs.Count == 0)
            throw pairs._skipped.Count > 0 ? Fault.Input(pairs._skipped[0].Line) : NothingPairs(sources, methods);
        return pairs;
    }

    private void Add(ImagePair pair, List<ResultFolder> methods)
    {
        List<string> missing = [.. methods.Where(m => !m.Has(pair.Name)).Select(m => m.Method)];
        if (missing.Count > 0)
            _unpaired.Add(pair.Name, new(pair.Name, missing));
        string?[] fused = [.. methods.Select(m => m.Take(pair.Name, _skipped))];
        if (Array.Exists(fused, f => f is not null))
            _pairs.Add((pair.Name, new(pair.Infrared, pair.Visible, fused)));
    }

    // What lacks an infrared or a visible picture, and second pictures of a name: fusion takes the first.
    private void AddAlone(EvaluationOptions options, PairedImages sources, List<ResultFolder> methods)
    {
        Dictionary<string, ImagePair> paired = sources.Pairs.ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach ((NamedImage image, bool isInfrared) in sources.InfraredAlone.Select(a => (a, true)).Concat(sources.VisibleAlone.Select(a => (a, false))))
        {
            if (ReportFolder.HoldsFile(isInfrared ? options.Infrared : options.Visible, image.Path))
                continue;
            if (paired.TryGetValue(image.Name, out ImagePair? pair))
            {
                string taken = Path.GetFileName(isInfrared ? pair.Infrared : pair.Visible);
                _skipped.Add(new(image.Name, null, $"{image.Path}: has the name of {taken}, which was taken. Keep one of them") { NamesFile = true });
            }
            else
            {
                string[] missing = [isInfrared ? "visible" : "infrared", .. methods.Where(m => m.Take(image.Name, []) is null).Select(m => m.Method)];
                _unpaired.TryAdd(image.Name, new(image.Name, missing));
            }
        }
        foreach (string name in methods.SelectMany(m => m.Left).Distinct(StringComparer.OrdinalIgnoreCase).ToList())
            _unpaired.TryAdd(name, new(name, ["infrared", "visible", .. methods.Where(m => !m.Has(name)).Select(m => m.Method)]));
    }

    private static Fault NothingPairs(PairedImages sources, List<ResultFolder> methods)
    {
        string examples = string.Join(", ", methods.Select(m => $"{m.Method} has '{m.Example}'"));
        return Fault.Input($"no pair has a fused picture of its name: the first of {sources.Pairs.Count} pairs is '{sources.Pairs[0].Name}', {examples}. " +
            "A fused picture has the name of its pair or of one of its sources; rename them");
    }
}
