namespace EmmaStream.Fusion.Weights;

/// <summary>A name that a pickle wants to call, like <c>torch._utils._rebuild_tensor_v2</c>. It is looked up in a fixed list, never in a program.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Printable(Module)}.{Printable(Name)}";

    private static string Printable(string text) =>
        new([.. text.Take(64).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '?')]);
}

/// <summary>An immutable sequence of a pickle.</summary>
internal sealed record PickleTuple(IReadOnlyList<object?> Items);

/// <summary>A dict or OrderedDict of a pickle, in insertion order.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<object, int> _index = [];
    private readonly List<KeyValuePair<object, object?>> _items = [];

    public IReadOnlyList<KeyValuePair<object, object?>> Items => _items;

    public object? this[object key] => _index.TryGetValue(key, out int at) ? _items[at].Value : null;

    /// <summary>As Python: a key seen before keeps its place and gets the new value.</summary>
    public void Set(object? key, object? value)
    {
        if (key is not (string or long or bool or double))
            throw new MalformedWeights("damaged: the pickle has a dict key that is neither text nor number");
        if (_index.TryGetValue(key, out int at))
            _items[at] = new(key, value);
        else
        {
            _index[key] = _items.Count;
            _items.Add(new(key, value));
        }
    }
}
