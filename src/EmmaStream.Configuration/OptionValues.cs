using EmmaStream.Configuration.Converters;
using EmmaStream.Configuration.Shapes;

namespace EmmaStream.Configuration;

/// <summary>Compares options by value, lists and named entries included, which record equality does not do.</summary>
public static class OptionValues
{
    /// <summary>
    /// The options that differ, such as <c>fusion.batch</c> or <c>streams.hall.pairing.maxSkew</c>, sorted. An entry, a list item or a section that
    /// only one of the two has is named by itself.
    /// </summary>
    /// <typeparam name="T">The root options record.</typeparam>
    /// <param name="before">One.</param>
    /// <param name="after">The other.</param>
    /// <param name="converters">Null: <see cref="ConfigurationConverters.Standard"/>.</param>
    public static IReadOnlyList<string> ChangedPaths<T>(T before, T after, ConfigurationConverters? converters = null)
        where T : class
    {
        List<string> changed = [];
        Compare(ShapeReader.Read(typeof(T), converters ?? ConfigurationConverters.Standard), before, after, "", changed);
        changed.Sort(StringComparer.Ordinal);
        return changed;
    }

    private static void Compare(OptionShape shape, object? before, object? after, string path, List<string> changed)
    {
        if (before is null || after is null || shape is ValueShape)
        {
            if (!Equals(before, after))
                changed.Add(path);
            return;
        }
        switch (shape)
        {
            case RecordShape record:
                foreach (OptionProperty p in record.Properties)
                    Compare(p.Shape, p.Property.GetValue(before), p.Property.GetValue(after), path.Length == 0 ? p.Key : $"{path}.{p.Key}", changed);
                break;
            case ListShape list:
                Match(list.Item, Numbered(before), Numbered(after), key => $"{path}[{key}]", changed);
                break;
            case NamedShape named:
                Match(named.Item, new(NamedShape.EntriesOf(before)), new(NamedShape.EntriesOf(after)), key => $"{path}.{key}", changed);
                break;
        }
    }

    private static void Match(
        OptionShape item, Dictionary<string, object?> before, Dictionary<string, object?> after, Func<string, string> pathOf, List<string> changed)
    {
        foreach (string key in before.Keys.Union(after.Keys))
            Compare(item, before.GetValueOrDefault(key), after.GetValueOrDefault(key), pathOf(key), changed);
    }

    private static Dictionary<string, object?> Numbered(object list)
        => ListShape.ItemsOf(list).Index().ToDictionary(i => $"{i.Index}", i => i.Item);
}
