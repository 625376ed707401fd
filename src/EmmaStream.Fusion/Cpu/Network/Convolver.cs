using EmmaStream.Fusion.Cpu.Filters;
using EmmaStream.Fusion.Cpu.Kernels;
using EmmaStream.Fusion.Cpu.Layout;

namespace EmmaStream.Fusion.Cpu.Network;

/// <summary>A 3x3 convolution over strips: transform the inputs of up to 96 tiles, multiply at 36 points, transform back, for 8 outputs at a time.</summary>
internal static unsafe class Convolver<TKernels>
    where TKernels : struct, IKernels
{
    /// <summary>Strips whose tiles are multiplied together: small levels fill their vectors only so.</summary>
    public static int StripsAtOnce(in PhaseLayout layout) => Math.Max(1, Math.Min(80 / layout.Tiles, layout.Strips + 2));

    /// <summary>Makes <paramref name="strips"/> of <paramref name="output"/>; at most <see cref="StripsAtOnce"/> strips.</summary>
    /// <param name="bench">Working memory.</param>
    /// <param name="filter">The convolution.</param>
    /// <param name="input">Its input.</param>
    /// <param name="second">Its further input channels, if the input is a concatenation.</param>
    /// <param name="output">Receives its rows, with their halo.</param>
    /// <param name="strips">Which.</param>
    /// <param name="residual">Added to the sum.</param>
    /// <param name="relu">Whether negative sums become zero.</param>
    /// <param name="more">Receives the output channels beyond those of <paramref name="output"/>.</param>
    public static void Convolve(
        Workbench bench, WinogradFilter filter, RowMap input, RowMap? second, RowMap output, Strips strips, RowMap? residual = null, bool relu = false, RowMap? more = null)
    {
        if (strips.Count == 0)
            return;
        ref readonly PhaseLayout layout = ref output.Layout;
        int firstRow = strips.FirstRow, endRow = strips.EndRow(layout.Height);
        for (int y = firstRow; y < endRow; y++)
        {
            output.Produce(y);
            more?.Produce(y);
        }

        if (layout.IsFolded)
        {
            ConvolveFolded(bench, filter, input, second, output, strips, residual, relu, more);
            return;
        }

        // A strip is a whole number of vectors but for its last; several strips follow each other without a gap.
        int vectors = layout.Line / PhaseLayout.Lanes;
        int parts = strips.Count > 1 ? 1 : (vectors + 5) / 6;
        for (int part = 0; part < parts; part++)
        {
            int first = vectors * part / parts * PhaseLayout.Lanes, end = vectors * (part + 1) / parts * PhaseLayout.Lanes;
            Transform(bench, filter, input, second, strips, first, end - first);
            int all = parts > 1 || strips.Count == 1 ? end - first : ((strips.Count * layout.Tiles) + PhaseLayout.Lanes - 1) / PhaseLayout.Lanes * PhaseLayout.Lanes;
            for (int o = 0; o < filter.Outputs; o += 8)
            {
                TKernels.MultiplyPoints(bench.Points, filter.Inputs, filter.Group(o / 8), bench.Products, all);
                Epilogue epilogue = new(output.Border, filter.Bias == null ? null : filter.Bias + o, residual is null ? null : residual.Rows.From(0), relu);
                if (o < layout.Channels)
                    TransformBack(bench, output, o, strips, epilogue, first, end - first);
                else
                    TransformBack(bench, more!, o - layout.Channels, strips, epilogue, first, end - first);
            }
        }
    }

    /// <summary>Strips of a folded map are one long strip.</summary>
    private static void ConvolveFolded(
        Workbench bench, WinogradFilter filter, RowMap input, RowMap? second, RowMap output, Strips strips, RowMap? residual, bool relu, RowMap? more)
    {
        ref readonly PhaseLayout layout = ref output.Layout;
        int y = strips.FirstRow, vectors = strips.RunLength(layout) / PhaseLayout.Lanes, parts = (vectors + 5) / 6;
        nint pointStride = Winograd.InputStride(filter.Inputs);
        for (int part = 0; part < parts; part++)
        {
            int first = vectors * part / parts * PhaseLayout.Lanes, tiles = (vectors * (part + 1) / parts * PhaseLayout.Lanes) - first;
            TKernels.TransformInput(input.Rows.From(y - 1), input.Layout, first, tiles, bench.Points, pointStride);
            if (second is not null)
                TKernels.TransformInput(second.Rows.From(y - 1), second.Layout, first, tiles, bench.Points + ((nint)input.Layout.Channels * Winograd.ChannelStride), pointStride);
            for (int o = 0; o < filter.Outputs; o += 8)
            {
                TKernels.MultiplyPoints(bench.Points, filter.Inputs, filter.Group(o / 8), bench.Products, tiles);
                Epilogue epilogue = new(output.Border, filter.Bias == null ? null : filter.Bias + o, residual is null ? null : residual.Rows.From(y), relu);
                RowMap to = o < layout.Channels ? output : more!;
                TKernels.TransformOutput(bench.Products, layout, to.Rows.From(y), o < layout.Channels ? o : o - layout.Channels, first, tiles, epilogue);
            }
        }
        Close(output, strips);
        if (more is not null)
            Close(more, strips);
    }

    /// <summary>Halo and rows outside of what was made of a folded map.</summary>
    public static void Close(RowMap map, Strips strips)
    {
        for (int y = strips.FirstRow; y < strips.EndRow(map.Layout.Height); y++)
            HaloPixels.WriteRow(map.Rows[y], map.Layout, map.Border);
        map.Complete(strips.FirstRow, strips.EndRow(map.Layout.Height));
    }

    private static void Transform(Workbench bench, WinogradFilter filter, RowMap input, RowMap? second, Strips strips, int firstTile, int tiles)
    {
        ref readonly PhaseLayout layout = ref input.Layout;
        nint pointStride = Winograd.InputStride(filter.Inputs);
        for (int s = strips.First; s < strips.End; s++)
        {
            float* points = bench.Points + ((s - strips.First) * layout.Tiles);
            TKernels.TransformInput(input.Rows.From(strips.RowOf(s) - 1), input.Layout, firstTile, tiles, points, pointStride);
            if (second is not null)
                TKernels.TransformInput(second.Rows.From(strips.RowOf(s) - 1), second.Layout, firstTile, tiles, points + ((nint)input.Layout.Channels * Winograd.ChannelStride), pointStride);
        }
    }

    private static void TransformBack(Workbench bench, RowMap output, int channel, Strips strips, Epilogue epilogue, int firstTile, int tiles)
    {
        ref readonly PhaseLayout layout = ref output.Layout;
        float** rows = stackalloc float*[4];
        for (int s = strips.First; s < strips.End; s++)
        {
            int y = strips.RowOf(s);
            for (int r = 0; r < 4; r++)
                rows[r] = (uint)(y + r) < (uint)layout.Height ? output.Rows[y + r] : bench.Unread;
            TKernels.TransformOutput(
                bench.Products + ((s - strips.First) * layout.Tiles), layout, rows, channel, firstTile, tiles,
                new(epilogue.Border, epilogue.Bias, epilogue.Residual == null ? null : epilogue.Residual + y, epilogue.Relu));
        }
    }
}
