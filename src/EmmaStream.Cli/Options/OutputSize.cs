using EmmaStream.Core.Frames;

namespace EmmaStream.Cli.Options;

/// <summary>Which size the fused picture has.</summary>
/// <param name="FromInfrared">The infrared's, if no fixed size is given; else the visible's.</param>
/// <param name="Fixed">A size of its own.</param>
public readonly record struct OutputSize(bool FromInfrared, FrameSize? Fixed)
{
    /// <summary>The visible's size.</summary>
    public static OutputSize Visible { get; }

    /// <summary>Reads "visible", "infrared" or "640x480".</summary>
    public static bool TryParse(string text, out OutputSize size)
    {
        size = text == "infrared" ? new(true, null) : Visible;
        if (text is "visible" or "infrared")
            return true;
        string[] parts = text.Split('x');
        if (parts.Length != 2 || !int.TryParse(parts[0], out int width) || !int.TryParse(parts[1], out int height) || width <= 0 || height <= 0)
            return false;
        size = new(false, new FrameSize(width, height));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Fixed?.ToString() ?? (FromInfrared ? "infrared" : "visible");
}
