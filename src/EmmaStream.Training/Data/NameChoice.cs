using EmmaStream.Core.Faults;
using EmmaStream.Imaging;
using EmmaStream.Training.Options;

namespace EmmaStream.Training.Data;

/// <summary>Which names of a set are taken: those of one list, or all, less those of another.</summary>
internal sealed class NameChoice
{
    private const long MaxListBytes = 16 << 20;

    private readonly HashSet<string>? _only;
    private readonly HashSet<string> _except;

    private NameChoice(HashSet<string>? only, HashSet<string> except) => (_only, _except) = (only, except);

    /// <exception cref="Fault">A list cannot be read.</exception>
    public static NameChoice Of(PairSetOptions set) => new(set.Only is null ? null : Read(set.Only), set.Except is null ? [] : Read(set.Except));

    public bool Takes(string name) => (_only is null || _only.Contains(name)) && !_except.Contains(name);

    /// <summary>Names that are asked for and are not among <paramref name="found"/>.</summary>
    public IEnumerable<string> Absent(IReadOnlyCollection<string> found) => (_only ?? []).Except(found).Where(name => !_except.Contains(name)).Order(StringComparer.Ordinal);

    /// <summary>Lines of a list, without the extensions of pictures: a name may hold dots of its own.</summary>
    private static HashSet<string> Read(string list)
    {
        try
        {
            if (new FileInfo(list).Length > MaxListBytes)
                throw Fault.Input($"{list}: is larger than the {MaxListBytes >> 20} MB that a list of names may have. Give a text file with one name a line");
            return [.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0).Select(NameOf)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Input($"{list}: the list of names cannot be read ({e.Message.TrimEnd('.')}). Give a text file with one name a line", e);
        }
    }

    private static string NameOf(string line) =>
        StillImage.IsPicture(line) ? Path.GetFileNameWithoutExtension(line) : line;
}
