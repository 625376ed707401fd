namespace EmmaStream.Configuration.Yaml;

/// <summary>A value in a YAML file: text, a list or a section, with the line where it begins.</summary>
internal abstract record YamlValue(int Line)
{
    /// <summary>Values in it, itself included, with aliases counted as what they repeat.</summary>
    public abstract int Count { get; }
}

/// <summary>Text, or nothing.</summary>
/// <param name="Text">As written, quotes and escapes resolved, <c>${}</c> not.</param>
/// <param name="IsPlain">Written without quotes.</param>
/// <param name="Line">From 1.</param>
internal sealed record YamlText(string Text, bool IsPlain, int Line) : YamlValue(Line)
{
    public override int Count => 1;

    /// <summary>YAML's null: nothing, <c>~</c> or <c>null</c>, unquoted.</summary>
    public bool IsNull => IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlValue> Items, int Line) : YamlValue(Line)
{
    public override int Count { get; } = 1 + Items.Sum(i => i.Count);
}

/// <summary>A section; keys are unique and in the order of the file.</summary>
internal sealed record YamlSection(IReadOnlyList<YamlEntry> Entries, int Line) : YamlValue(Line)
{
    public override int Count { get; } = 1 + Entries.Sum(e => e.Value.Count);
}

/// <summary>One key with its value.</summary>
internal sealed record YamlEntry(string Key, int Line, YamlValue Value);
