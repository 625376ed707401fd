using EmmaStream.Core.Frames;

namespace EmmaStream.Core.Kernels;

/// <summary>The linear relation between stored luma and [0, 1]: unit = (stored - <paramref name="Black"/>) / <paramref name="Span"/>.</summary>
/// <param name="Black">Stored value of 0.</param>
/// <param name="Span">Stored value of 1 minus that of 0; above 0.</param>
public readonly record struct LumaScale(float Black, float Span)
{
    /// <summary>8-bit luma of the given range: 16..235 or 0..255 (ITU-R BT.601 section 2.5).</summary>
    public static LumaScale Of(ColorRange range) => range == ColorRange.Limited ? new(16, 219) : new(0, 255);
}
