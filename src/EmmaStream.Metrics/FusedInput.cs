using EmmaStream.Core.Faults;

namespace EmmaStream.Metrics;

/// <summary>One method's results: a folder of pictures, a picture, or a video.</summary>
/// <param name="Method">The method's name in tables.</param>
/// <param name="Path">Where its results lie.</param>
public sealed record FusedInput(string Method, string Path)
{
    /// <summary>Reads what stands after --fused: NAME=PATH, or PATH, whose last part without extension is then the name.</summary>
    /// <exception cref="Fault">It has no path, no name before =, or a / in the name.</exception>
    public static FusedInput Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        bool named = equals >= 0 && !System.IO.Path.Exists(text);
        string name = named ? text[..equals] : "", path = named ? text[(equals + 1)..] : text;
        if (name.Contains('/') && !System.IO.Path.Exists(path))
            (named, path) = (false, text);   // a path with = in it
        if (path.Length == 0)
            throw Fault.Usage($"--fused '{text}': no path. Give a folder or a video, or NAME=PATH");
        if (named && (name.Length == 0 || name.Contains('/')))
            throw Fault.Usage($"--fused '{text}': {(name.Length == 0 ? "no name before =" : $"the name '{name}' has a / in it")}. Give NAME=PATH with a name for the tables, or the path alone");
        string trimmed = System.IO.Path.TrimEndingDirectorySeparator(path);
        string last = Directory.Exists(path) ? System.IO.Path.GetFileName(trimmed) : System.IO.Path.GetFileNameWithoutExtension(trimmed);
        string method = named ? name : last is "" or "." or ".." ? path : last;
        return new FusedInput(method, path);
    }
}
