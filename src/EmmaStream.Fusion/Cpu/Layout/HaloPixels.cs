using System.Runtime.CompilerServices;

namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>
/// Writes the halo pixels of a row, -1 and W. Kernels do it for the channel they have just written, while it is in the cache; done later
/// for whole rows it costs several percent of a frame.
/// </summary>
internal static unsafe class HaloPixels
{
    /// <summary>Both sides of every channel of a row.</summary>
    public static void WriteRow(float* row, in PhaseLayout layout, Border border)
    {
        (nint stride, int before, int second, int after, int last) = (layout.ChannelStride, layout.Before, layout.Second, layout.After, layout.SecondLast);
        bool reflect = border == Border.Reflect, straddles = (layout.Width & 3) != 0;
        for (int left = layout.Channels; left > 0; left--, row += stride)
        {
            row[before] = reflect ? row[second] : 0;
            row[after] = reflect ? row[last] : 0;
            if (straddles)
                ClearStraddling(row, layout);
        }
    }

    /// <summary>
    /// Both sides of one channel. Where the last tile is partial the pixels after W are set as well: tiles that straddle the edge mix them
    /// in and take them out again, so they must be small and the same in every run.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(float* channel, in PhaseLayout layout, Border border)
    {
        channel[layout.Before] = border == Border.Reflect ? channel[layout.Second] : 0;
        channel[layout.After] = border == Border.Reflect ? channel[layout.SecondLast] : 0;
        if ((layout.Width & 3) != 0)
            ClearStraddling(channel, layout);
    }

    private static void ClearStraddling(float* channel, in PhaseLayout layout)
    {
        for (int x = layout.Width + 1; x <= 4 * layout.Tiles; x++)
            channel[layout.Pixel(x)] = 0;
    }
}
