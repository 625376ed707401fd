using EmmaStream.Media.Ffmpeg;

namespace EmmaStream.Media.Sources;

/// <summary>Tells a file that breaks off from one that ends. ffmpeg ends with exit code 0 for both.</summary>
internal static class Truncation
{
    // mov: "partial file"; matroska: "File ended prematurely" (ffmpeg 5 to 7, sometimes with a position).
    private static readonly string[] Signs = ["partial file", "ended prematurely"];

    /// <summary>The cause, or null when the file ended as it should.</summary>
    /// <param name="exit">How the decoder ended, with exit code 0.</param>
    /// <param name="isShort">Whether frames are missing before the end that the file declares.</param>
    public static string? CauseOf(ChildExit exit, bool isShort)
    {
        foreach (string line in exit.Stderr)
        {
            if (Signs.Any(s => line.Contains(s, StringComparison.OrdinalIgnoreCase)))
                return line;
        }
        // Damage in the middle of a recording that goes on to its end is no truncation.
        return isShort && exit.Stderr.Count > 0 ? exit.Cause : null;
    }
}
