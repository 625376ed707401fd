using EmmaStream.Core.Faults;
using EmmaStream.Core.Files;
using EmmaStream.Imaging;

namespace EmmaStream.Media.Sources;

/// <summary>The picture files of a folder, in the order in which people number them.</summary>
internal static class PictureFiles
{
    private static readonly string[] Videos = [".mp4", ".mkv", ".mov", ".avi", ".webm", ".ts", ".m4v", ".mpg", ".mpeg", ".nut"];

    /// <summary>
    /// Full paths, ordered by <see cref="NameOrder"/>; hidden files are left aside. Links to folders are followed, but not to one that they lie in.
    /// </summary>
    /// <exception cref="Fault">The folder cannot be read.</exception>
    public static List<string> In(string folder, SearchOption depth)
    {
        List<string> files = Listed(folder, () => Walk(folder, depth, [FileIdentity.Of(folder)]).Where(f => StillImage.IsPicture(f) && Path.GetFileName(f)[0] != '.'));
        files.Sort(NameOrder.Instance);
        return files;
    }

    /// <summary>Says that a folder has no picture, and which video it has, if any.</summary>
    public static Fault NoneIn(string folder)
    {
        string? video = Listed(folder, () => Directory.EnumerateFiles(folder).Where(f => Videos.Contains(Path.GetExtension(f).ToLowerInvariant()))).Order(StringComparer.Ordinal).FirstOrDefault();
        return Fault.Input(video is null
            ? $"{folder}: no picture in this folder. It needs files that end with {string.Join(' ', StillImage.Extensions)}"
            : $"{folder}: no picture in this folder, but videos. Give the video itself: {Path.Combine(folder, Path.GetFileName(video))}");
    }

    /// <summary>Full paths of the folders directly inside.</summary>
    /// <exception cref="Fault">The folder cannot be read.</exception>
    public static List<string> FoldersIn(string folder) => Listed(folder, () => Directory.EnumerateDirectories(folder));

    private static IEnumerable<string> Walk(string folder, SearchOption depth, HashSet<FileIdentity> above)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            yield return file;
        if (depth == SearchOption.TopDirectoryOnly)
            yield break;
        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            FileIdentity identity = FileIdentity.Of(inner);
            if (!above.Add(identity))
                continue;
            foreach (string file in Walk(inner, depth, above))
                yield return file;
            above.Remove(identity);
        }
    }

    private static List<string> Listed(string folder, Func<IEnumerable<string>> list)
    {
        try
        {
            return [.. list()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(folder))
                throw Fault.Input($"{folder}: {(File.Exists(folder) ? "is no folder" : "no such folder")}. Check the path", e);
            // Of a folder further down the system's own words tell the name.
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            bool isItself = e.Message.Contains($"'{full}'", StringComparison.Ordinal) || e.Message.Contains($"'{full}/'", StringComparison.Ordinal);
            string cause = e is UnauthorizedAccessException && isItself ? "permission denied" : e.Message.TrimEnd('.');
            throw Fault.Input($"{folder}: the folder cannot be read ({cause}). Check the path and its permissions", e);
        }
    }
}

/// <summary>Orders names so that runs of digits compare by value: frame2 before frame10. Names that differ only in leading zeros go by ordinal order.</summary>
internal sealed class NameOrder : IComparer<string>
{
    private NameOrder()
    {
    }

    public static NameOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (!a.IsEmpty && !b.IsEmpty)
        {
            int order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]) ? CompareNumbers(ref a, ref b) : CompareFirst(ref a, ref b);
            if (order != 0)
                return order;
        }
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(x, y);
    }

    private static int CompareFirst(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        int order = a[0].CompareTo(b[0]);
        a = a[1..];
        b = b[1..];
        return order;
    }

    private static int CompareNumbers(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        ReadOnlySpan<char> numberA = TakeDigits(ref a).TrimStart('0'), numberB = TakeDigits(ref b).TrimStart('0');
        return numberA.Length != numberB.Length ? numberA.Length.CompareTo(numberB.Length) : numberA.SequenceCompareTo(numberB);
    }

    private static ReadOnlySpan<char> TakeDigits(ref ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        ReadOnlySpan<char> digits = text[..length];
        text = text[length..];
        return digits;
    }
}
