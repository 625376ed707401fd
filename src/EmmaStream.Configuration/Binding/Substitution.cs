using System.Diagnostics.CodeAnalysis;
using System.Text;
using EmmaStream.Configuration.Yaml;

namespace EmmaStream.Configuration.Binding;

/// <summary>
/// Replaces <c>${NAME}</c> and <c>${file:path}</c> in values; <c>$${</c> is a plain <c>${</c>. It remembers all it brought in, so that
/// no problem shows it.
/// </summary>
internal sealed class Substitution(ConfigurationSettings settings, string? folder, ProblemLog problems)
{
    private const int LongestValue = 64 * 1024;
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private int _broughtIn;

    /// <summary>The text with everything replaced; false, and a problem, when something cannot be.</summary>
    public bool TryExpand(YamlText value, string path, [NotNullWhen(true)] out string? expanded)
    {
        string rest = value.Text;
        StringBuilder text = new();
        bool good = true;
        for (int at = rest.IndexOf("${", StringComparison.Ordinal); at >= 0; at = rest.IndexOf("${", StringComparison.Ordinal))
        {
            if (at > 0 && rest[at - 1] == '$')
            {
                text.Append(rest, 0, at - 1).Append("${");
                rest = rest[(at + 2)..];
                continue;
            }
            text.Append(rest, 0, at);
            int end = rest.IndexOf('}', at);
            if (end < 0)
            {
                problems.Add(value.Line, path, $"{path} has a ${{ without its }}; write $${{ for the two characters themselves");
                expanded = null;
                return false;
            }
            if (TryResolve(rest[(at + 2)..end], path, value.Line, out string? found))
                text.Append(found);
            else
                good = false;
            rest = rest[(end + 1)..];
        }
        expanded = good ? text.Append(rest).ToString() : null;
        if (good && expanded != value.Text.Replace("$${", "${", StringComparison.Ordinal))
            Hide(expanded!, value.Text);
        return good;
    }

    /// <summary>Marks a text as one that no problem may show; <paramref name="raw"/> stands for it.</summary>
    public void Hide(string secret, string raw)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;
        // Whole, as a URL writes it, and each line of it.
        foreach (string part in new[] { secret, Uri.EscapeDataString(secret) }.Concat(secret.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 3)))
            _secrets.TryAdd(part, raw);
    }

    /// <summary>A sentence with every text that came through <c>${}</c> replaced by what the file says.</summary>
    public string Redacted(string sentence)
    {
        foreach ((string secret, string raw) in _secrets.OrderByDescending(s => s.Key.Length))
        {
            // What was put in must not be searched again: a raw text may contain a short secret.
            for (int at = Find(sentence, secret, 0); at >= 0; at = Find(sentence, secret, at + raw.Length))
                sentence = string.Concat(sentence.AsSpan(0, at), raw, sentence.AsSpan(at + secret.Length));
        }
        return sentence;
    }

    /// <summary>A text of three characters or fewer counts only where it stands alone: else a port of 80 would garble every number.</summary>
    private static int Find(string sentence, string secret, int from)
    {
        for (int at = sentence.IndexOf(secret, from, StringComparison.Ordinal); at >= 0; at = sentence.IndexOf(secret, at + 1, StringComparison.Ordinal))
        {
            int end = at + secret.Length;
            if (secret.Length > 3
                || ((at == 0 || !char.IsLetterOrDigit(sentence[at - 1])) && (end == sentence.Length || !char.IsLetterOrDigit(sentence[end]))))
                return at;
        }
        return -1;
    }

    private bool TryResolve(string name, string path, int line, [NotNullWhen(true)] out string? found)
    {
        string raw = $"${{{ShownText.Line(name)}}}";
        (found, string? why) = name.StartsWith("file:", StringComparison.Ordinal) ? FromFile(name[5..]) : FromVariable(name);
        if (found is not null && found.Length > Math.Min(LongestValue, settings.MaxBytes - _broughtIn))
            (found, why) = (null, "brings in too much text");
        if (found is null)
        {
            problems.Add(line, path, $"{path}: {raw} {why}");
            return false;
        }
        _broughtIn += found.Length;
        Hide(found, raw);
        return true;
    }

    private (string? Text, string? Why) FromVariable(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            return (null, "is no variable; names have letters, digits and _ (write $${ for the two characters themselves)");
        string? value = settings.Variables(name);
        return (value, value is null ? "is not set; set the environment variable" : null);
    }

    private (string? Text, string? Why) FromFile(string name)
    {
        try
        {
            byte[]? bytes = BoundedFile.TryRead(folder is null ? name : Path.Combine(folder, name), LongestValue);
            if (bytes is null)
                return (null, $"is larger than {LongestValue} bytes");
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            return (text.EndsWith('\n') ? text.TrimEnd('\n', '\r') : text, null);
        }
        catch (DecoderFallbackException)
        {
            return (null, "is not UTF-8 text");
        }
        catch (Exception e) when (BoundedFile.IsReadFailure(e))
        {
            return (null, $"cannot be read: {BoundedFile.Reason(e)}");
        }
    }
}
