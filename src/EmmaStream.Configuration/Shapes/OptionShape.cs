using System.Collections;
using System.Reflection;
using EmmaStream.Configuration.Converters;

namespace EmmaStream.Configuration.Shapes;

/// <summary>What may stand at one place of a file, read once from the options records; binder, schema and reference all follow it.</summary>
/// <param name="Type">The type of the bound value.</param>
internal abstract record OptionShape(Type Type);

/// <summary>One value.</summary>
/// <param name="Converter">Its text.</param>
/// <param name="Constraint">What it is held to.</param>
/// <param name="AllowsAuto">It may be <c>auto</c>, which is null: nullable numbers, durations, enums, sizes.</param>
internal sealed record ValueShape(ConfigurationConverter Converter, OptionConstraint Constraint, bool AllowsAuto) : OptionShape(Converter.ValueType)
{
    /// <summary>What a user should write.</summary>
    public string Expected => AllowsAuto ? $"{Converter.Expected}, or auto" : Converter.Expected;
}

/// <summary>A list: <see cref="IReadOnlyList{T}"/>.</summary>
internal sealed record ListShape(Type Type, OptionShape Item) : OptionShape(Type)
{
    /// <summary>The items of a bound list.</summary>
    public static IEnumerable<object?> ItemsOf(object list) => ((IEnumerable)list).Cast<object?>();

    /// <summary>The bound list.</summary>
    public object Make(IReadOnlyList<object?> items)
    {
        Array array = Array.CreateInstance(Item.Type, items.Count);
        for (int i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        return array;
    }
}

/// <summary>Entries that the user names: <see cref="IReadOnlyDictionary{TKey, TValue}"/> by string.</summary>
internal sealed record NamedShape(Type Type, OptionShape Item, OptionConstraint Names) : OptionShape(Type)
{
    /// <summary>The entries of a bound dictionary, whatever its class.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> EntriesOf(object named) => ((IEnumerable)named).Cast<object>().Select(entry =>
    {
        Type pair = entry.GetType();
        return new KeyValuePair<string, object?>((string)pair.GetProperty("Key")!.GetValue(entry)!, pair.GetProperty("Value")!.GetValue(entry));
    });

    /// <summary>The bound dictionary, in the order of the file.</summary>
    public object Make(IReadOnlyList<KeyValuePair<string, object?>> entries)
    {
        IDictionary made = (IDictionary)Activator.CreateInstance(
            typeof(Dictionary<,>).MakeGenericType(typeof(string), Item.Type), StringComparer.Ordinal)!;
        foreach ((string name, object? value) in entries)
            made.Add(name, value);
        return made;
    }
}

/// <summary>A section: a record with init properties.</summary>
internal sealed record RecordShape(Type Type, IReadOnlyList<OptionProperty> Properties, MethodInfo? Check) : OptionShape(Type)
{
    /// <summary>A record with all its defaults.</summary>
    public object New() => Activator.CreateInstance(Type, nonPublic: true)!;

    /// <summary>A record of its own with the same values.</summary>
    public object Copy(object original)
        => Type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.Invoke(original, null)!;

    /// <summary>What the record itself says is wrong with it.</summary>
    public IEnumerable<string> ProblemsOf(object options, string path)
        => Check is null ? [] : (IEnumerable<string>)Check.Invoke(options, [path])!;
}

/// <summary>One option of a record.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Property">Where it lives.</param>
/// <param name="Shape">What it may be.</param>
/// <param name="AllowsNull">Null is a value: <c>auto</c>, or nothing.</param>
/// <param name="IsRequired">It has no default.</param>
internal sealed record OptionProperty(string Key, PropertyInfo Property, OptionShape Shape, bool AllowsNull, bool IsRequired);
