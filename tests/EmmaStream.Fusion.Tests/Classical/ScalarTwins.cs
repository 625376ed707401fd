using EmmaStream.Fusion.Classical;
using FsCheck.Xunit;

namespace EmmaStream.Fusion.Tests.Classical;

/// <summary>The vector paths give the bits of their scalar twins, whatever the length.</summary>
public class ScalarTwins
{
    [Property]
    public bool Pixel_rows(int seed, byte length)
    {
        float[] a = Noise(seed, length), b = Noise(seed + 1, length), c = Noise(seed + 2, length), d = Noise(seed + 3, length);
        float[] average = new float[length], averageTwin = new float[length], maximum = new float[length], maximumTwin = new float[length];
        float[] detail = Noise(seed + 4, length), detailTwin = Noise(seed + 4, length);
        PixelRows.Average(a, b, average);
        PixelRows.AverageScalar(a, b, averageTwin);
        PixelRows.Maximum(a, b, maximum);
        PixelRows.MaximumScalar(a, b, maximumTwin);
        PixelRows.AddStrongerDetail(a, b, c, d, detail);
        PixelRows.AddStrongerDetailScalar(a, b, c, d, detailTwin);
        return average.SequenceEqual(averageTwin) && maximum.SequenceEqual(maximumTwin) && detail.SequenceEqual(detailTwin);
    }

    [Property]
    public bool Vertical_sums(int seed, byte length)
    {
        float[] a = Noise(seed, length), b = Noise(seed + 1, length), c = Noise(seed + 2, length), d = Noise(seed + 3, length), e = Noise(seed + 4, length);
        float[] five = new float[length], three = new float[length], two = new float[length];
        PyramidRows.SumFive(a, b, c, d, e, five);
        PyramidRows.SumThree(a, b, c, three);
        PyramidRows.SumTwo(a, b, two);
        return Enumerable.Range(0, length).All(i =>
            five[i] == a[i] + e[i] + (b[i] + d[i]) * 4f + c[i] * 6f && three[i] == a[i] + c[i] + b[i] * 6f && two[i] == (a[i] + b[i]) * 4f);
    }

    [Property]
    public bool Halving_and_doubling(int seed, byte length)
    {
        int width = length + 2;
        float[] padded = Noise(seed, width + 2 * PyramidRows.Margin), half = new float[PyramidRows.Half(width)], halfTwin = new float[half.Length];
        PyramidRows.Halve(padded, half);                // writes the margins, which the twin then reads
        PyramidRows.HalveScalar(padded, halfTwin);
        float[] coarse = Noise(seed + 1, width), fine = new float[2 * width - length % 2];
        PyramidRows.Double(coarse, fine);
        float[] fineTwin = [.. fine];
        fineTwin.AsSpan(2, 2 * (width - 2)).Clear();
        PyramidRows.DoubleScalar(coarse, fineTwin, 1);
        return half.SequenceEqual(halfTwin) && fine.SequenceEqual(fineTwin);
    }

    private static float[] Noise(int seed, int length)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
