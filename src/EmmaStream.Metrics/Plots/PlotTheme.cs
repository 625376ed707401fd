using ScottPlot;
using SkiaSharp;

namespace EmmaStream.Metrics.Plots;

/// <summary>Colours and font of the report's plots, once for a light and once for a dark page; the page's style sheet has the same colours.</summary>
/// <param name="Name">"light" or "dark", part of file names.</param>
/// <param name="Surface">Behind everything.</param>
/// <param name="Ink">Text and axes.</param>
/// <param name="Faint">Grid lines.</param>
/// <param name="Series">One colour a method, from the first again after the last.</param>
internal sealed record PlotTheme(string Name, Color Surface, Color Ink, Color Faint, IReadOnlyList<Color> Series)
{
    public static PlotTheme Light { get; } = new(
        "light", Color.FromHex("#ffffff"), Color.FromHex("#4a5361"), Color.FromHex("#e6e9ee"), Hex("#1f6feb", "#d9480f", "#2b8a3e", "#8a3ffc", "#c2255c", "#087f8c", "#9a6700", "#495057"));

    public static PlotTheme Dark { get; } = new(
        "dark", Color.FromHex("#171c24"), Color.FromHex("#aab4c3"), Color.FromHex("#2b3340"), Hex("#6ea8fe", "#ff9d5c", "#69db7c", "#be95ff", "#ff7eb6", "#3ddbd9", "#f1c21b", "#ced4da"));

    /// <summary>
    /// A font that draws letters and digits, or null where the machine has none: ScottPlot would then draw plots without any text and say nothing.
    /// </summary>
    public static string? FindFont(SKFontManager fonts)
    {
        string[] wanted = ["DejaVu Sans", "Noto Sans", "Liberation Sans", "Arial"];
        return wanted.Concat(fonts.FontFamilies).FirstOrDefault(family => Draws(fonts, family));
    }

    /// <summary>The colour of method <paramref name="index"/>.</summary>
    public Color Of(int index) => Series[index % Series.Count];

    /// <summary>An empty plot in these colours.</summary>
    public Plot Empty(string font)
    {
        Plot plot = new();
        plot.Font.Set(font);
        plot.FigureBackground.Color = Surface;
        plot.DataBackground.Color = Surface;
        plot.Axes.Color(Ink);
        plot.Grid.MajorLineColor = Faint;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        return plot;
    }

    private static bool Draws(SKFontManager fonts, string family)
    {
        using SKTypeface? typeface = fonts.MatchFamily(family);
        return typeface is not null && typeface.ContainsGlyph('0') && typeface.ContainsGlyph('a');
    }

    private static Color[] Hex(params string[] colors) => [.. colors.Select(c => Color.FromHex(c))];
}
