namespace EmmaStream.Imaging.Layouts;

/// <summary>How one output picture shows a fused frame.</summary>
public enum Layout
{
    /// <summary>The fused picture alone.</summary>
    Fused,

    /// <summary>Infrared, visible and fused beside each other, labelled.</summary>
    SideBySide,

    /// <summary>The fused picture with the infrared and the visible small in its lower corners, labelled.</summary>
    PictureInPicture,

    /// <summary>The registered infrared alone, black where it was missing: with <see cref="Visible"/> a registered pair, to train or measure on.</summary>
    Infrared,

    /// <summary>The visible alone, black where it was missing.</summary>
    Visible,
}

/// <summary>The names of layouts on the command line and in configuration files.</summary>
public static class LayoutNames
{
    /// <summary>All names, in the order of <see cref="Layout"/>.</summary>
    public static IReadOnlyList<string> All { get; } = ["fused", "side-by-side", "picture-in-picture", "infrared", "visible"];

    /// <summary>The name of <paramref name="layout"/>.</summary>
    public static string ToName(this Layout layout) => All[(int)layout];

    /// <summary>Reads a name, exactly as <see cref="All"/> spells it.</summary>
    /// <returns>False for any other text.</returns>
    public static bool TryParse(string? name, out Layout layout)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i] == name)
            {
                layout = (Layout)i;
                return true;
            }
        }
        layout = default;
        return false;
    }
}
