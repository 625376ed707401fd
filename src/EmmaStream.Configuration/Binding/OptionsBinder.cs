using System.Globalization;
using EmmaStream.Configuration.Shapes;
using EmmaStream.Configuration.Yaml;

namespace EmmaStream.Configuration.Binding;

/// <summary>Puts the values of a file into options records. A value that does not fit is a problem, and the default stands in for it.</summary>
internal sealed class OptionsBinder
{
    private readonly Substitution _substitution;
    private readonly ProblemLog _problems;
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal) { [""] = 1 };
    private IReadOnlySet<string> _unbound = new HashSet<string>();   // options whose value did not fit: their records see the default

    private OptionsBinder(Substitution substitution, ProblemLog problems)
    {
        _substitution = substitution;
        _problems = problems;
    }

    /// <summary>The root record with all that the file says; good only if the log is empty afterwards.</summary>
    public static object Bind(RecordShape root, YamlValue file, Substitution substitution, ProblemLog problems)
    {
        OptionsBinder binder = new(substitution, problems);
        object options = IsNull(file) ? root.New() : binder.BindRecord(root, file, null, "");
        binder._unbound = problems.Paths();
        binder.Check(root, options, "");
        return options;
    }

    private object? BindShape(OptionShape shape, YamlValue value, object? fallback, string path)
    {
        _lines.TryAdd(path, value.Line);
        return shape switch
        {
            ValueShape single => BindValue(single, value, fallback, path),
            ListShape list => BindList(list, value, fallback, path),
            NamedShape named => BindNamed(named, value, fallback, path),
            _ => BindRecord((RecordShape)shape, value, fallback, path),
        };
    }

    /// <param name="shape">The record's.</param>
    /// <param name="value">What the file says.</param>
    /// <param name="fallback">The default of the property that holds it; null: a record of its own.</param>
    /// <param name="path">Where it is; empty for the root.</param>
    private object BindRecord(RecordShape shape, YamlValue value, object? fallback, string path)
    {
        object options = fallback is null ? shape.New() : shape.Copy(fallback);
        if (value is not YamlSection section)
        {
            Report(value, path, $"{Named(path)} is {Kind(value)}; expected a section with {string.Join(", ", shape.Properties.Select(p => p.Key))}");
            return options;
        }
        foreach (YamlEntry entry in section.Entries)
        {
            string at = Join(path, entry.Key);
            if (shape.Properties.FirstOrDefault(p => p.Key == entry.Key) is { } property)
            {
                _lines[at] = entry.Line;
                property.Property.SetValue(options, BindProperty(property, entry.Value, property.Property.GetValue(options), at));
                continue;
            }
            string suggestion = NearestName.Suggestion(entry.Key, [.. shape.Properties.Select(p => p.Key)]);
            string shown = ShownText.Line(entry.Key.Length > 60 ? entry.Key[..60] + "..." : entry.Key);
            _problems.Add(entry.Line, Join(path, shown), $"{Join(path, shown)} is not an option{suggestion}");
        }
        if (fallback is null)
            RequireAll(shape, section, path);
        return options;
    }

    private void RequireAll(RecordShape shape, YamlSection section, string path)
    {
        foreach (OptionProperty property in shape.Properties.Where(p => p.IsRequired && section.Entries.All(e => e.Key != p.Key)))
            _problems.Add(LineOf(path), Join(path, property.Key), $"{Join(path, property.Key)} is missing; it has no default");
    }

    private object? BindProperty(OptionProperty property, YamlValue value, object? fallback, string path)
    {
        if (!IsNull(value))
            return BindShape(property.Shape, value, fallback, path);
        // A section whose lines are all comments is a section of defaults, also one that is absent otherwise; ~ takes it away.
        if (property.AllowsNull && property.Shape is RecordShape section && value is YamlText { Text: "" })
            return fallback ?? BindShape(section, new YamlSection([], value.Line), null, path);
        if (property.AllowsNull)
            return null;
        if (property.Shape is not ValueShape single)
            return fallback;
        string cure = property.IsRequired ? "" : " or remove the line";
        Report(value, path, $"{path} has no value; write {single.Expected}{cure}");
        return fallback;
    }

    private object? BindValue(ValueShape shape, YamlValue value, object? fallback, string path)
    {
        if (value is not YamlText raw || raw.IsNull)
        {
            Report(value, path, $"{path} is {Kind(value)}; expected {shape.Expected}");
            return fallback;
        }
        if (!_substitution.TryExpand(raw, path, out string? text))
            return fallback;
        if (shape.AllowsAuto && text == "auto")
            return null;
        string? objection;
        if (shape.Converter.TryParse(text, out object? parsed))
        {
            if (text != raw.Text)
                HideForms(shape, parsed, raw.Text);
            objection = shape.Constraint.Objection(text, parsed, shape.Converter);
        }
        else
        {
            objection = $"expected {shape.Expected}";
        }
        if (objection is null)
            return parsed;
        // Only the raw text is shown and compared: the other one may be a secret.
        string? near = NearestName.Of(raw.Text, shape.Constraint.Choices);
        Report(value, path, $"{path} is {ShownText.Of(raw.Text)}; {objection}{(near is null ? "" : $" (did you mean {near}?)")}");
        return fallback;
    }

    /// <summary>A record may tell a value in another form than the file has it.</summary>
    private void HideForms(ValueShape shape, object value, string raw)
    {
        _substitution.Hide(shape.Converter.Format(value), raw);
        if (value is not TimeSpan time)
            return;
        foreach (double number in new[] { time.TotalMilliseconds, time.TotalSeconds, time.TotalMinutes })
            _substitution.Hide(number.ToString(CultureInfo.InvariantCulture), raw);
    }

    private object? BindList(ListShape shape, YamlValue value, object? fallback, string path)
    {
        if (value is not YamlList list)
        {
            Report(value, path, $"{path} is {Kind(value)}; expected a list: [ ... ] or lines that begin with -");
            return fallback;
        }
        return shape.Make([.. list.Items.Select((item, i) => BindShape(shape.Item, Filled(shape.Item, item), null, $"{path}[{i}]"))
            .Where(item => item is not null)]);
    }

    private object? BindNamed(NamedShape shape, YamlValue value, object? fallback, string path)
    {
        if (value is not YamlSection section)
        {
            Report(value, path, $"{path} is {Kind(value)}; expected named entries: NAME: ...");
            return fallback;
        }
        List<KeyValuePair<string, object?>> entries = [];
        foreach (YamlEntry entry in section.Entries)
        {
            string at = Join(path, ShownText.Line(entry.Key.Length > 60 ? entry.Key[..60] + "..." : entry.Key));
            _lines[at] = entry.Line;
            string? objection = shape.Names.Objection(entry.Key, entry.Key, NameConverter);
            if (objection is not null)
                _problems.Add(entry.Line, at, $"{at}: the name is {ShownText.Of(entry.Key)}; {objection}");
            if (BindShape(shape.Item, Filled(shape.Item, entry.Value), null, at) is { } item)
                entries.Add(new(entry.Key, item));
        }
        return shape.Make(entries);
    }

    /// <summary>Asks every record what is wrong with it, the outer one first.</summary>
    private void Check(OptionShape shape, object? value, string path)
    {
        switch (shape)
        {
            case RecordShape record when value is not null:
                foreach (string sentence in record.ProblemsOf(value, path))
                    ReportChecked(record, sentence.TrimStart('.', ':', ' '), path);
                foreach (OptionProperty property in record.Properties)
                    Check(property.Shape, property.Property.GetValue(value), Join(path, property.Key));
                break;
            case ListShape { Item: not ValueShape } list when value is not null:
                foreach ((int i, object? item) in ListShape.ItemsOf(value).Index())
                    Check(list.Item, item, $"{path}[{i}]");
                break;
            case NamedShape { Item: not ValueShape } named when value is not null:
                foreach ((string name, object? item) in NamedShape.EntriesOf(value))
                    Check(named.Item, item, Join(path, name));
                break;
        }
    }

    /// <summary>A sentence of a record: it begins with a path, whose line is looked up. What was already said about that option is enough.</summary>
    private void ReportChecked(RecordShape record, string sentence, string recordPath)
    {
        string path = recordPath;
        foreach (OptionProperty property in record.Properties)
        {
            string at = Join(recordPath, property.Key);
            if (sentence.StartsWith(at, StringComparison.Ordinal) && !(sentence.Length > at.Length && char.IsAsciiLetterOrDigit(sentence[at.Length])))
                path = sentence[..PathEnd(sentence, at.Length)];
        }
        if (path != recordPath && _unbound.Contains(path))
            return;
        string rest = sentence.StartsWith(path, StringComparison.Ordinal) ? sentence[path.Length..] : $": {sentence}";
        string shown = path + ShownText.Line(_substitution.Redacted(rest));
        _problems.Add(LineOf(path), path, path.Length == 0 ? shown.TrimStart(':', ' ') : shown);
    }

    /// <summary>Where the path ends that a sentence begins with.</summary>
    private static int PathEnd(string sentence, int from)
    {
        while (from < sentence.Length && (char.IsLetterOrDigit(sentence[from]) || sentence[from] is '.' or '-' or '_' or '[' or ']'))
            from++;
        return sentence[from - 1] == '.' ? from - 1 : from;
    }

    private void Report(YamlValue value, string path, string message)
        => _problems.Add(_lines.TryGetValue(path, out int line) ? line : value.Line, path, message);

    /// <summary>The line of an option, or of the nearest section around it that the file has.</summary>
    private int LineOf(string path)
    {
        for (string at = path; ; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(at, out int line))
                return line;
        }
    }

    private static readonly Converters.ConfigurationConverter NameConverter = Converters.ConfigurationConverters.Standard.TryFind(typeof(string))!;

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Named(string path) => path.Length == 0 ? "the file" : path;

    /// <summary>An entry with nothing in it is one of defaults.</summary>
    private static YamlValue Filled(OptionShape shape, YamlValue value)
        => IsNull(value) && shape is RecordShape ? new YamlSection([], value.Line) : value;

    private static bool IsNull(YamlValue value) => value is YamlText { IsNull: true };

    private static string Kind(YamlValue value) => value switch
    {
        YamlText { IsNull: true } => "empty",
        YamlText text => ShownText.Of(text.Text),
        YamlList => "a list",
        _ => "a section",
    };
}
