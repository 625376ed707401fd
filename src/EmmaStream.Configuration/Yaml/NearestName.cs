namespace EmmaStream.Configuration.Yaml;

/// <summary>Finds what a user meant by a name that is not known.</summary>
internal static class NearestName
{
    /// <summary><c>; did you mean NAME?</c>, or all names where none is near and they are few, or nothing.</summary>
    public static string Suggestion(string unknown, IReadOnlyCollection<string> known)
    {
        string? nearest = Of(unknown, known);
        if (nearest is not null)
            return $"; did you mean {nearest}?";
        return known.Count is > 0 and <= 12 ? $"; known are {string.Join(", ", known)}" : "";
    }

    /// <summary>The known name at the smallest edit distance, at most a third of its length; null where none is that near. Case, - and _ do not count.</summary>
    public static string? Of(string unknown, IEnumerable<string> known)
    {
        string wanted = Folded(unknown);
        if (wanted.Length is 0 or > 64)
            return null;
        return known
            .Select(name => (Name: name, Distance: Distance(wanted, Folded(name))))
            .Where(n => n.Distance <= Math.Max(1, Math.Max(n.Name.Length, wanted.Length) / 3) && n.Distance < n.Name.Length)
            .OrderBy(n => n.Distance)
            .Select(n => n.Name)
            .FirstOrDefault();
    }

    private static string Folded(string name)
        => string.Concat(name.Where(c => c is not ('-' or '_' or ' '))).ToUpperInvariant();

    /// <summary>Edits (insert, delete, replace, swap of neighbours) from one to the other: optimal string alignment.</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
