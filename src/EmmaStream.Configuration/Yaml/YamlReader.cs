using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EmmaStream.Configuration.Yaml;

/// <summary>
/// YAML text to a tree of values. Stops at the first error of syntax, since what follows one is a guess; duplicate keys and the like are
/// collected. Aliases share what they repeat, and the count of values bounds what they may blow up to.
/// </summary>
internal sealed class YamlReader
{
    private readonly ConfigurationSettings _settings;
    private readonly ProblemLog _problems;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlValue> _anchors = new(StringComparer.Ordinal);
    private readonly string[] _lines;
    private int _count;

    private YamlReader(string text, ConfigurationSettings settings, ProblemLog problems)
    {
        _settings = settings;
        _problems = problems;
        _lines = text.Split('\n');
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Reads the one document of a text; an empty one is a null. False when it cannot be understood; the problem is in the log then.</summary>
    public static bool TryRead(string text, ConfigurationSettings settings, ProblemLog problems, [NotNullWhen(true)] out YamlValue? value)
    {
        value = null;
        int line = 1;
        foreach (char c in text)
        {
            if (c == '\n')
                line++;
            else if (char.IsControl(c) && c is not ('\t' or '\r'))
            {
                problems.Add(line, "", $"the file holds a control character (U+{(int)c:X4}); save it as plain UTF-8 text");
                return false;
            }
        }
        YamlReader reader = new(text, settings, problems);
        try
        {
            value = reader.ReadDocument();
            return true;
        }
        catch (SyntaxProblem e)
        {
            string hint = reader.LineText(e.Line).Contains("${", StringComparison.Ordinal) ? " (inside { } and [ ] a value with ${} needs quotes)" : "";
            problems.Add(e.Line, "", e.Message + hint);
            return false;
        }
    }

    private YamlValue ReadDocument()
    {
        Next();   // the stream's start
        if (Next() is StreamEnd)
            return new YamlText("", IsPlain: true, 1);
        YamlValue value = ReadValue(Next(), 0);
        Next();   // the document's end
        ParsingEvent end = Next();
        return end is StreamEnd ? value : throw new SyntaxProblem(LineOf(end), "a second document begins here; a configuration is one");
    }

    private YamlValue ReadValue(ParsingEvent e, int depth)
    {
        int line = LineOf(e);
        if (depth > _settings.MaxDepth)
            throw new SyntaxProblem(line, $"sections are nested more than {_settings.MaxDepth} deep");
        if (e is AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out YamlValue? known))
                throw new SyntaxProblem(line, $"*{alias.Value.Value} repeats nothing; name a value above it with &{alias.Value.Value}");
            Take(known.Count, line);
            return known;
        }
        Take(1, line);
        if (e is not NodeEvent node)
            throw new SyntaxProblem(line, "a value was expected here");
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
            _problems.Add(line, "", "tags (!name) have no meaning here; write the value alone");
        YamlValue value = e switch
        {
            Scalar scalar => new YamlText(scalar.Value, scalar.Style == ScalarStyle.Plain, line),
            SequenceStart => ReadList(line, depth),
            _ => ReadSection(line, depth),
        };
        if (!node.Anchor.IsEmpty)
            _anchors[node.Anchor.Value] = value;
        return value;
    }

    private YamlList ReadList(int line, int depth)
    {
        List<YamlValue> items = [];
        for (ParsingEvent e = Next(); e is not SequenceEnd; e = Next())
            items.Add(ReadValue(e, depth + 1));
        return new YamlList(items, line);
    }

    private YamlSection ReadSection(int line, int depth)
    {
        List<YamlEntry> entries = [];
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        for (ParsingEvent e = Next(); e is not MappingEnd; e = Next())
        {
            int keyLine = LineOf(e);
            if (e is not Scalar key)
                throw new SyntaxProblem(keyLine, "a key must be a plain word");
            YamlValue value = ReadValue(Next(), depth + 1);
            if (key.Value == "<<")
                _problems.Add(keyLine, "", "merge keys (<<) are not supported; write the options out, or repeat a whole section with &name and *name");
            else if (!lines.TryAdd(key.Value, keyLine))
                _problems.Add(keyLine, "", $"{ShownText.Of(key.Value)} was already set in line {lines[key.Value]}; keep one");
            else
                entries.Add(new YamlEntry(key.Value, keyLine, value));
        }
        return new YamlSection(entries, line);
    }

    private void Take(int values, int line)
    {
        _count += values;
        if (_count > _settings.MaxValues)
            throw new SyntaxProblem(line, $"the file holds more than {_settings.MaxValues} values (repeated ones counted each time)");
    }

    /// <summary>The next event. YamlDotNet reports some broken texts (<c>[1,\nb: 2</c>) by exceptions that are not its own.</summary>
    private ParsingEvent Next()
    {
        try
        {
            if (_parser.MoveNext())
                return _parser.Current!;
        }
        catch (YamlException e)
        {
            int line = Math.Max(1, (int)e.Start.Line);
            if (!e.Message.Contains(" tab ", StringComparison.Ordinal))
                throw new SyntaxProblem(line, $"not valid YAML: {ShownText.Line(e.Message.TrimEnd('.'))}");
            // The parser names the line where the section began.
            while (line < _lines.Length && !LineText(line).TrimStart(' ').StartsWith('\t'))
                line++;
            throw new SyntaxProblem(line, "not valid YAML: it indents with spaces; replace the tab");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or InvalidCastException)
        {
            throw new SyntaxProblem(_parser.Current is { } last ? LineOf(last) : 1, "not valid YAML in or after this line; look for an unclosed bracket or quote");
        }
        throw new SyntaxProblem(_parser.Current is { } end ? LineOf(end) : 1, "the file ends too early");
    }

    private string LineText(int line) => line <= _lines.Length ? _lines[line - 1] : "";

    private static int LineOf(ParsingEvent e) => (int)e.Start.Line;

    /// <summary>Where reading stopped, and why.</summary>
    private sealed class SyntaxProblem(int line, string message) : Exception(message)
    {
        public int Line { get; } = line;
    }
}
