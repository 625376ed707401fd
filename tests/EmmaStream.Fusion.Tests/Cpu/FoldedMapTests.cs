using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Tests.Cpu;

/// <summary>Rows that lie side by side keep out of each other's way, and those that stand for rows outside follow the border.</summary>
public sealed unsafe class FoldedMapTests
{
    [Theory]
    [InlineData(20, 15)]
    [InlineData(10, 30)]
    [InlineData(2, 2)]
    [InlineData(6, 9)]
    [InlineData(124, 17)]
    public void Every_row_is_its_own_and_the_rows_outside_repeat_or_are_zero(int width, int height)
    {
        PhaseLayout rows = new(8, width, height), layout = rows.Folded();
        using NativeFloats memory = new(FeatureMap.Floats(layout)), row = new(rows.RowStride + PhaseLayout.Slack), zero = new(rows.RowStride + PhaseLayout.Slack);
        foreach (Border border in new[] { Border.Reflect, Border.Zero })
        {
            using FeatureMap map = new(layout, border, zero.Pointer, memory.Pointer);
            for (int y = 0; y < height; y++)
            {
                for (int c = 0; c < 8; c++)
                    for (int x = 0; x < width; x++)
                        row.Pointer[(c * rows.ChannelStride) + rows.Pixel(x)] = Value(c, y, x);
                HaloPixels.WriteRow(row.Pointer, rows, border);
                map.Put(y, row.Pointer);
            }
            map.Complete(0, height);

            for (int y = -1; y <= 4 * layout.Strips; y++)
                for (int c = 0; c < 8; c++)
                    for (int x = -1; x <= width; x++)
                        Assert.Equal(Expected(border, c, y, x, width, height), map.Rows[y][(c * layout.ChannelStride) + layout.Pixel(x)]);
        }
    }

    private static float Value(int channel, int y, int x) => 1 + channel + (8 * (x + (200 * y)));

    private static float Expected(Border border, int channel, int y, int x, int width, int height)
    {
        bool outside = y < 0 || y >= height || x < 0 || x >= width;
        if (border == Border.Zero)
            return outside ? 0 : Value(channel, y, x);
        return Value(channel, y < 0 ? 1 : y >= height ? height - 2 : y, x < 0 ? 1 : x >= width ? width - 2 : x);
    }
}
