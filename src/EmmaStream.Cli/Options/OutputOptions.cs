using EmmaStream.Streaming.Fusing;

namespace EmmaStream.Cli.Options;

/// <summary>What the fused picture looks like and how it is encoded.</summary>
public sealed record OutputOptions
{
    /// <summary>Size of the fused picture: visible, infrared, or one like 640x480 (16 to 16384 each).</summary>
    public OutputSize Size { get; init; } = OutputSize.Visible;

    /// <summary>The visible's colour, or gray: the fused luma alone, full range.</summary>
    public ColorMode Color { get; init; } = ColorMode.Keep;

    /// <summary>The video encoder, by ffmpeg's name.</summary>
    public string Encoder { get; init; } = "libx264";

    /// <summary>Constant rate factor of the encoder: 0 (lossless) to 51.</summary>
    public int Crf { get; init; } = 18;

    /// <summary>Speed of the encoder, by its own names: ultrafast to veryslow for libx264.</summary>
    public string Preset { get; init; } = "medium";

    private static readonly string[] X26Presets = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo"];

    internal IEnumerable<string> Problems(string path)
    {
        // Other encoders have names of their own; they say themselves what they do not take.
        if (Encoder is "libx264" or "libx265" && !X26Presets.Contains(Preset))
            yield return $"{path}.preset is '{Preset}'; allowed for {Encoder} are {string.Join(", ", X26Presets)}";
        if (Encoder.Length == 0)
            yield return $"{path}.encoder is empty; give one, like libx264";
        if (Crf is < 0 or > 51)
            yield return $"{path}.crf is {Crf}; allowed are 0 to 51";
        if (Size.Fixed is { } size && (size.Width is < 16 or > 16384 || size.Height is < 16 or > 16384))
            yield return $"{path}.size is {size}; allowed are 16 to 16384 pixels each way";
    }
}
