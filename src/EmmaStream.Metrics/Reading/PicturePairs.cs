using EmmaStream.Core.Faults;
using EmmaStream.Metrics.Reports;

namespace EmmaStream.Metrics.Reading;

/// <summary>Which pictures belong together: same file name without extension in the infrared's, the visible's and each method's folder.</summary>
internal sealed class PicturePairs
{
    /// <summary>Pairs that at least one method has, by name.</summary>
    public required IReadOnlyList<(string Name, ItemFiles Files)> Pairs { get; init; }

    public required IReadOnlyList<UnpairedName> Unpaired { get; init; }

    public required IReadOnlyList<SkippedItem> Ambiguous { get; init; }

    /// <summary>Pairs what the options name.</summary>
    /// <exception cref="Fault">A folder is absent or empty, or nothing pairs.</exception>
    public static PicturePairs Find(EvaluationOptions options)
    {
        List<PictureFolder> sides = Open(options);
        List<(string, ItemFiles)> pairs = [];
        List<UnpairedName> unpaired = [];
        List<SkippedItem> ambiguous = [];
        foreach (string stem in sides.SelectMany(s => s.Stems).Distinct().Order(StringComparer.Ordinal))
        {
            IReadOnlyList<string>[] files = [.. sides.Select(s => s.Find(stem))];
            int twice = Array.FindIndex(files, f => f.Count > 1);
            if (twice >= 0)
            {
                string names = string.Join(", ", files[twice].Select(Path.GetFileName).Order(StringComparer.Ordinal));
                ambiguous.Add(new(stem, twice < 2 ? null : sides[twice].Label, $"{sides[twice].FullName}: {names} have one name. Keep one of them"));
                continue;
            }
            if (files.Any(f => f.Count == 0))
                unpaired.Add(new(stem, [.. sides.Where((_, i) => files[i].Count == 0).Select(s => s.Label)]));
            if (files[0].Count == 1 && files[1].Count == 1 && files.Skip(2).Any(f => f.Count == 1))
                pairs.Add((stem, new(files[0][0], files[1][0], [.. files.Skip(2).Select(f => f.Count == 1 ? f[0] : null)])));
        }
        return pairs.Count > 0 ? new() { Pairs = pairs, Unpaired = unpaired, Ambiguous = ambiguous } : throw NothingPairs(sides);
    }

    private static List<PictureFolder> Open(EvaluationOptions options)
    {
        List<(string Label, string Path)> sides =
            [("infrared", options.Infrared), ("visible", options.Visible), .. options.Fused.Select(f => (f.Method, f.Path))];
        bool files = sides.All(s => PictureFolder.IsPicture(s.Path) && !Directory.Exists(s.Path));
        string stem = Path.GetFileNameWithoutExtension(options.Fused[0].Path);
        return [.. sides.Select(s => files ? PictureFolder.OfFile(s.Label, s.Path, stem) : PictureFolder.Open(s.Label, s.Path))];
    }

    private static Fault NothingPairs(List<PictureFolder> sides)
    {
        string examples = string.Join(", ", sides.Select(s => $"{s.Label} has '{s.Stems.Order(StringComparer.Ordinal).First()}'"));
        return Fault.Input($"no picture's name is in all folders: {examples}. Pictures pair by file name without extension; rename one side");
    }
}
