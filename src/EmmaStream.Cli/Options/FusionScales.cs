using EmmaStream.Fusion;

namespace EmmaStream.Cli.Options;

/// <summary>How people write a <see cref="FusionScale"/>: 1, 1/2, 1/4.</summary>
internal static class FusionScales
{
    public static bool TryParse(string text, out FusionScale scale)
    {
        scale = text switch { "1/2" => FusionScale.Half, "1/4" => FusionScale.Quarter, _ => FusionScale.Full };
        return text is "1" or "1/2" or "1/4";
    }

    public static string Format(FusionScale scale) => scale == FusionScale.Full ? "1" : $"1/{(int)scale}";
}
