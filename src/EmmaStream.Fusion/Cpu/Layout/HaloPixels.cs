using System.Runtime.CompilerServices;

namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>
/// Writes the halo pixels of a row, -1 and W. Kernels do it for the channel they have just written, while it is in the cache; done later
/// for whole rows it costs as much as a tenth of the network.
/// </summary>
internal static unsafe class HaloPixels
{
    /// <summary>Both sides of every channel of a row.</summary>
    public static void Write(float* row, in PhaseLayout layout, Border border)
    {
        for (int c = 0; c < layout.Channels; c++, row += layout.ChannelStride)
        {
            WriteLeft(row, layout, border);
            WriteRight(row, layout, border);
        }
    }

    /// <summary>Pixel -1 of one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteLeft(float* channel, in PhaseLayout layout, Border border)
        => channel[layout.Before] = border == Border.Reflect ? channel[layout.Second] : 0;

    /// <summary>
    /// Pixel W of one channel. Where the last tile is partial the pixels after W are set as well: tiles that straddle the edge mix them in
    /// and take them out again, so they must be small and the same in every run.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRight(float* channel, in PhaseLayout layout, Border border)
    {
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
