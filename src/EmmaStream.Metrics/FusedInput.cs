using EmmaStream.Core.Faults;

namespace EmmaStream.Metrics;

/// <summary>One method's results: a folder of pictures, a picture, or a video.</summary>
/// <param name="Method">The method's name in tables.</param>
/// <param name="Path">Where its results lie.</param>
public sealed record FusedInput(string Method, string Path)
{
    /// <summary>Reads what stands after --fused: NAME=PATH, or PATH, whose last part without extension is then the name.</summary>
    /// <exception cref="Fault">It is empty.</exception>
    public static FusedInput Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        bool named = equals > 0 && !text.AsSpan(0, equals).Contains('/') && !System.IO.Path.Exists(text);
        string path = named ? text[(equals + 1)..] : text;
        string trimmed = System.IO.Path.TrimEndingDirectorySeparator(path);
        string last = Directory.Exists(path) ? System.IO.Path.GetFileName(trimmed) : System.IO.Path.GetFileNameWithoutExtension(trimmed);
        string method = named ? text[..equals] : last is "" or "." or ".." ? path : last;
        if (path.Length == 0)
            throw Fault.Usage($"--fused '{text}': no path. Give a folder or a video, or NAME=PATH");
        return new FusedInput(method, path);
    }
}
