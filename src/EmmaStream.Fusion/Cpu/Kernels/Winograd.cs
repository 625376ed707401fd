namespace EmmaStream.Fusion.Cpu.Kernels;

/// <summary>
/// Winograd's F(4x4, 3x3): 16 outputs of a 3x3 convolution from 36 products instead of 144. The points are 0, +-sqrt(1/2), +-sqrt(2) and
/// infinity, whose float32 error is as small as that of the direct sum; the textbook points 0, +-1, +-2 are four times worse.
/// </summary>
/// <remarks>
/// One dimension, 6 inputs d, 3 taps g, 4 outputs o:
/// <code>
/// B^T d: r0 = d0 + d4 - 5/2 d2      r1,2 = (d4 - 2 d2) +- sqrt(1/2) (d3 - 2 d1)      r3,4 = (d4 - d2/2) +- sqrt(2) (d3 - d1/2)      r5 = d1 + d5 - 5/2 d3
/// G g:   u0 = g0      u1,2 = -2/3 g0 -+ sqrt(2)/3 g1 - 1/3 g2      u3,4 = 1/6 g0 +- sqrt(2)/6 g1 + 1/3 g2      u5 = g2
/// A^T m: s1,e1 = m1 +- m2, s2,e2 = m3 +- m4:  o0 = m0 + s1 + s2   o1 = sqrt(1/2) e1 + sqrt(2) e2   o2 = s1/2 + 2 s2   o3 = sqrt(2)/4 e1 + 2 sqrt(2) e2 + m5
/// </code>
/// Points are numbered i * 6 + j, i along y. Transformed inputs lie as [i][channel][j][tile], products as [i][output of 8][j][tile].
/// </remarks>
internal static class Winograd
{
    public const float Sqrt2 = 1.41421356f;

    public const float SqrtHalf = 0.70710678f;

    /// <summary>Outputs of one tile along each axis.</summary>
    public const int Tile = 4;

    /// <summary>Points along each axis.</summary>
    public const int Points = 6;

    /// <summary>Tiles that are multiplied at once at most; also the distance of two x points in memory.</summary>
    public const int BlockTiles = 96;

    /// <summary>Distance of two channels.</summary>
    public const int ChannelStride = Points * BlockTiles;

    /// <summary>Output channels that one product call makes.</summary>
    public const int OutputGroup = 8;

    /// <summary>Distance of two y points of the products.</summary>
    public const int ProductStride = (OutputGroup * ChannelStride) + 16;

    /// <summary>Floats that the products of one group take.</summary>
    public const int ProductFloats = Points * ProductStride;

    /// <summary>Distance of two y points of the transformed inputs; the 16 keep points out of each other's cache sets.</summary>
    public static int InputStride(int channels) => (channels * ChannelStride) + 16;

    /// <summary>G g G^T of one 3x3 kernel, in double.</summary>
    /// <param name="taps">9 taps, row-major.</param>
    /// <param name="points">Receives 36 values.</param>
    public static void TransformFilter(ReadOnlySpan<double> taps, Span<double> points)
    {
        Span<double> half = stackalloc double[18];
        for (int x = 0; x < 3; x++)
            TransformTaps(taps[x], taps[3 + x], taps[6 + x], half[x..], 3);
        for (int i = 0; i < 6; i++)
            TransformTaps(half[i * 3], half[(i * 3) + 1], half[(i * 3) + 2], points[(i * 6)..], 1);
    }

    private static void TransformTaps(double g0, double g1, double g2, Span<double> u, int stride)
    {
        double root = Math.Sqrt(2);
        u[0] = g0;
        u[stride] = (-2 * g0 / 3) - (root / 3 * g1) - (g2 / 3);
        u[2 * stride] = (-2 * g0 / 3) + (root / 3 * g1) - (g2 / 3);
        u[3 * stride] = (g0 / 6) + (root / 6 * g1) + (g2 / 3);
        u[4 * stride] = (g0 / 6) - (root / 6 * g1) + (g2 / 3);
        u[5 * stride] = g2;
    }
}
