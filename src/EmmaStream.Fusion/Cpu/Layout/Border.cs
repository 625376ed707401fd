namespace EmmaStream.Fusion.Cpu.Layout;

/// <summary>What a 3x3 convolution finds outside of a feature map. Each map has one kind of consumer, so the border belongs to the map.</summary>
internal enum Border
{
    /// <summary>Index -1 reads index 1: the edge is not repeated.</summary>
    Reflect,

    /// <summary>Zero.</summary>
    Zero,
}

/// <summary>Writes the halo pixels of a finished row.</summary>
internal static unsafe class HaloPixels
{
    /// <summary>
    /// Sets pixels -1 and W of every channel. Where the last tile is partial the pixels after W are set as well: tiles that straddle the
    /// edge mix them in and take them out again, so they must be small and the same in every run.
    /// </summary>
    public static void Write(float* row, in PhaseLayout layout, Border border)
    {
        int width = layout.Width, end = (4 * layout.Tiles) + 1;
        int before = layout.Pixel(-1), after = layout.Pixel(width);
        int second = layout.Pixel(1), secondLast = layout.Pixel(width - 2);
        for (int c = 0; c < layout.Channels; c++, row += layout.ChannelStride)
        {
            row[before] = border == Border.Reflect ? row[second] : 0;
            row[after] = border == Border.Reflect ? row[secondLast] : 0;
            for (int x = width + 1; x < end; x++)
                row[layout.Pixel(x)] = 0;
        }
    }
}
